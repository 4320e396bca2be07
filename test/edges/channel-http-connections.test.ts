import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ChannelCall, type ChannelHttp, createChannelHttp } from '../../src/channel/http.ts';
import { createManualClock } from '../../src/runtime/clock.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { createMemoryLimiter } from '../conformance/memory-limiter.ts';

const secret = 'a-secret-nobody-may-see';
type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let answers: Answer[];
let asked: number;
let stopping: AbortController;
let lines: string[];
let http: ChannelHttp;

beforeEach(async () => {
  answers = [];
  asked = 0;
  lines = [];
  stopping = new AbortController();
  server = createServer((request, response) => {
    request.resume();
    const answer = answers[Math.min(asked, answers.length - 1)];
    asked += 1;
    answer?.(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const clock = createManualClock(new Date('2026-12-07T00:00:00Z'));
  http = createChannelHttp({
    accountId: 'esm',
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    limits: [{ family: 'items', intervalMs: 1, burst: 9, origin: 'self', source: 'this test', date: '2026-12-07' }],
    limiter: createMemoryLimiter(clock),
    clock,
    log: createLogger({ level: 'trace', destination: { write: (line) => void lines.push(line) } }),
    signal: stopping.signal,
  });
});

afterEach(async () => {
  expect(lines.join('')).not.toContain(secret);
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

const request = (change: Partial<ChannelCall> = {}) =>
  http.request({
    method: 'GET',
    path: '/x',
    family: 'items',
    safe: false,
    headers: { authorization: `Bearer ${secret}` },
    ...change,
  });

const good: Answer = (_request, response) => void response.end('{"ok":true}');
const hangUp: Answer = (_request, response) => void response.socket?.resetAndDestroy();
const cut: Answer = (_request, response) => {
  response.writeHead(200, { 'content-length': '1000' });
  response.write('{"orders":[', () => response.socket?.destroy());
};

describe('a connection that is lost', () => {
  it.each([
    ['before the answer', hangUp],
    ['in the middle of the answer', cut],
  ])('%s is a passing failure, and the call may have been done', async (_when, answer) => {
    answers = [answer];
    await expect(request()).rejects.toMatchObject({ name: 'ChannelError', kind: 'unavailable', sent: true });
    expect(asked).toBe(1);
  });

  it.each([
    ['before the answer', hangUp],
    ['in the middle of the answer', cut],
  ])('%s is tried again when the call is safe', async (_when, answer) => {
    answers = [answer, good];
    await expect(request({ safe: true })).resolves.toEqual({ status: 200, body: { ok: true } });
    expect(asked).toBe(2);
  });

  it('a port where nobody listens was never reached', async () => {
    const { port } = server.address() as AddressInfo;
    await new Promise((closed) => server.close(closed));
    await expect(request({ safe: true })).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'ECONNREFUSED',
      sent: false,
    });
    await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  });
});

describe('an answer that does not come in time', () => {
  it('is a time-out, and the call may have been done', async () => {
    answers = [() => undefined];
    await expect(request({ timeoutMs: 100, safe: true })).rejects.toMatchObject({ kind: 'timeout', sent: true });
    expect(asked).toBe(1);
  });

  it('is one too when it comes drop by drop: a call must end before anybody believes that it never happened', async () => {
    let drops: NodeJS.Timeout | undefined;
    answers = [
      (_request, response) => {
        response.writeHead(200);
        drops = setInterval(() => response.write(' '), 20);
      },
    ];
    const ended = request({ timeoutMs: 150 }).then(
      () => 'answered',
      (error: unknown) => error,
    );
    const given = new Promise((resolve) => setTimeout(resolve, 3_000, 'still waiting').unref());
    expect(await Promise.race([ended, given])).toMatchObject({ kind: 'timeout', sent: true });
    clearInterval(drops);
  });
});

describe('stopping', () => {
  it('cuts a call off, which may have been done', async () => {
    answers = [() => stopping.abort(new Error('naru is stopping'))];
    await expect(request()).rejects.toMatchObject({ kind: 'unavailable', code: 'STOPPED', sent: true });
  });

  it('begins no new call', async () => {
    stopping.abort(new Error('naru is stopping'));
    answers = [good];
    await expect(request()).rejects.toMatchObject({ kind: 'unavailable', code: 'STOPPED', sent: false });
    expect(asked).toBe(0);
  });
});

it('ends an answer without end', async () => {
  answers = [
    (_request, response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(1024 * 1024, 0x20)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    },
  ];
  await expect(request({ safe: true })).rejects.toMatchObject({ kind: 'protocol', code: 'ANSWER_TOO_LARGE' });
  expect(asked).toBe(1);
});
