/** A door in front of a sandbox: every call goes through it, so a test can act at an exact moment of a call. */

import * as http from 'node:http';

/** What a test does about one call. It decides by the call alone; the door carries it out. */
export interface Passage {
  /** Waited for before the channel sees the call; `drop` keeps it from the channel for good. */
  before?: () => Promise<'pass' | 'drop'>;
  /** Waited for when the channel has done it and before the caller hears of it; `drop` keeps the answer back. */
  after?: () => Promise<'pass' | 'drop'>;
  /** Called when the caller has been given the answer. */
  told?: () => void;
}

export type Watch = (call: { method: string; path: string }) => Passage;

export interface ChannelDoor {
  url: string;
  /** Every call that arrived, as `METHOD /path`, oldest first. */
  calls: string[];
  watch(watch: Watch | null): void;
  close(): Promise<void>;
}

/** Opens a door on 127.0.0.1 to the sandbox at `target`. Lost connections and silence are passed on as they are. */
export async function openDoor(target: string): Promise<ChannelDoor> {
  let watch: Watch | null = null;
  const calls: string[] = [];
  const server = http.createServer((request, response) => {
    const { method = '', url = '' } = request;
    const path = url.split('?')[0] ?? '';
    calls.push(`${method} ${path}`);
    const passage = watch?.({ method, path }) ?? {};
    void carry(target, request, response, passage).catch(() => response.socket?.resetAndDestroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return {
    url: `http://127.0.0.1:${address.port}`,
    calls,
    watch: (next) => {
      watch = next;
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

async function carry(
  target: string,
  request: http.IncomingMessage,
  response: http.ServerResponse,
  passage: Passage,
): Promise<void> {
  const body = await bodyOf(request);
  if ((await passage.before?.()) === 'drop') return;
  // The channel goes on with a call whose caller has died, so nothing here is tied to the caller's connection.
  const answer = await forward(target, request, body);
  if ((await passage.after?.()) === 'drop') return;
  response.writeHead(answer.status, answer.headers).end(answer.body, () => passage.told?.());
}

async function bodyOf(stream: http.IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

function forward(
  target: string,
  request: http.IncomingMessage,
  body: Buffer,
): Promise<{ status: number; headers: http.OutgoingHttpHeaders; body: Buffer }> {
  const url = new URL(request.url ?? '/', target);
  const { connection: _connection, 'transfer-encoding': _encoding, ...headers } = request.headers;
  return new Promise((resolve, reject) => {
    const call = http.request(url, { method: request.method, headers, agent: false }, (answer) => {
      bodyOf(answer).then(
        (whole) => resolve({ status: answer.statusCode ?? 502, headers: plainHeaders(answer.headers), body: whole }),
        reject,
      );
    });
    call.once('error', reject);
    call.end(body);
  });
}

function plainHeaders(headers: http.IncomingHttpHeaders): http.OutgoingHttpHeaders {
  const { connection: _connection, 'transfer-encoding': _encoding, ...rest } = headers;
  return rest;
}
