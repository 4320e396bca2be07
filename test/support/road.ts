import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What happens on the road to a call: `meet` runs before it goes on; where that gives false, it never gets an answer. */
export interface Toll {
  call: RegExp;
  meet: () => boolean | Promise<boolean>;
}

/** The road to a channel, on which a test can hold up a call while something else happens. */
export interface Road {
  url: string;
  /** Asked of every call, as `METHOD /path`; null lets all pass. */
  toll: Toll | null;
  close(): Promise<void>;
}

/** Opens a road to the channel at `to`; close it after the test. */
export async function openRoad(to: string): Promise<Road> {
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const { method = 'GET', url = '' } = request;
    const goesOn = road.toll?.call.test(`${method} ${url}`) ? await road.toll.meet() : true;
    if (!goesOn) return;
    const headers = new Headers();
    for (const name of ['authorization', 'content-type', 'accept']) {
      const value = request.headers[name];
      if (typeof value === 'string') headers.set(name, value);
    }
    const answer = await fetch(`${to}${url}`, {
      method,
      headers,
      ...(pieces.length > 0 && { body: Buffer.concat(pieces) }),
    });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const road: Road = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    toll: null,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return road;
}
