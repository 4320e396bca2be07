import assert from 'node:assert/strict';
import { type ChannelError, isChannelError } from '../../src/channel/errors.ts';

/** The ChannelError a call ends with. Fails when it succeeds, and when it throws anything else. */
export async function channelErrorFrom(call: Promise<unknown>): Promise<ChannelError> {
  let thrown: unknown;
  try {
    await call;
  } catch (error) {
    thrown = error;
  }
  assert.ok(thrown !== undefined, 'the call succeeded, an error was due');
  assert.ok(
    isChannelError(thrown),
    `not a ChannelError: ${thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)}`,
  );
  return thrown;
}

/** An error with all that hangs on it, as a careless log line would print it. */
export function spelledOut(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error) ?? '';
  const parts = Object.getOwnPropertyNames(error).map((name) => `${name}=${spelledOut(Reflect.get(error, name))}`);
  return `${error.name} ${parts.join(' ')} ${spelledOut(error.cause ?? null)}`;
}
