import type { RunningSandbox } from '../../src/channel/sandbox.ts';

/** Plays buyers and the marketplace on a sandbox. What they cannot do, such as to cancel twice, gives null. */
export async function playOn(sandbox: RunningSandbox, path: string, body: object): Promise<unknown> {
  const answer = await fetch(`${sandbox.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (answer.status === 409) return null;
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** Buys, and gives the order numbers. */
export async function buyOn(sandbox: RunningSandbox, orders: readonly object[]): Promise<string[]> {
  const answer = (await playOn(sandbox, '/_orders', { orders })) as { orders: { orderId: string }[] } | null;
  if (!answer) throw new Error('nothing of this is on sale');
  return answer.orders.map((order) => order.orderId);
}
