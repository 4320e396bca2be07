import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findAccount } from '../../src/store/accounts.ts';
import { addAccount } from '../../src/sync/manage-accounts.ts';
import { type House, MINUTE_MS, openHouse } from '../support/house.ts';

/** A buyer that takes catalogues and can be asked nothing. */
const BUYER = 'buyer';
const paper = 'SG-01-002';

let house: House;
let server: Server;
let status: number;
/** So many uploads get `status`; those after them are taken. */
let failing: number;
/** How many items each upload told of. */
let uploads: number[];
beforeEach(async () => {
  house = await openHouse();
  status = 200;
  failing = Number.POSITIVE_INFINITY;
  uploads = [];
  server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += String(piece);
    uploads.push(body.split('<IndexItemAdd').length - 1);
    if (uploads.length > failing) status = 200;
    response.writeHead(status, { 'content-type': 'text/xml' });
    response.end('<?xml version="1.0"?><cXML><Response><Status code="200" text="OK"/></Response></cXML>');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  await addBuyer();
});
afterEach(async () => {
  await house.close();
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

const addBuyer = () =>
  addAccount(house.deps, {
    accountId: BUYER,
    adapterId: 'b2b-cxml',
    file: {
      settings: {
        baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/wrong`,
        identity: { identity: 'AN1' },
        buyer: { identity: 'AN2' },
        unspsc: '14111507',
      },
      credentials: { identity: 'x', sharedSecret: 'y' },
    },
  });

describe('a wrong path at a channel that cannot be asked', () => {
  beforeEach(async () => {
    status = 404;
    await house.importDemo([paper]);
    await house.approveAll();
    await house.push();
  });

  it('pauses the account with a sentence about its address, instead of being tried every minute', async () => {
    expect(await findAccount(house.store, BUYER)).toMatchObject({ state: 'paused', pause: { kind: 'not-found' } });
    const { pause } = (await findAccount(house.store, BUYER)) ?? {};
    for (const sentence of [pause?.messageKo, pause?.messageEn]) {
      expect(sentence).toContain(BUYER);
      expect(sentence).toContain('baseUrl');
    }
    for (let minutes = 0; minutes < 5; minutes += 1) {
      house.pass(MINUTE_MS);
      await house.sweep();
    }
    expect(uploads).toEqual([1]);
    expect((await house.push()).failed).toMatchObject([{ account: BUYER, code: 'not-found' }]);
  });

  it('goes on once the address is right', async () => {
    status = 200;
    await addBuyer();
    await house.push();
    expect(await house.listing(paper, BUYER)).toMatchObject({ state: 'accepted', refusal: null });
  });
});

it('many products of a channel that takes many go in one call, and after a failure in one again', async () => {
  await house.importDemo();
  await house.approveAll();
  status = 503;
  // The transport tries a safe call three times.
  failing = 3;
  await house.push({ accountId: BUYER });
  expect(uploads).toHaveLength(4);
  const [count = 0] = uploads;
  expect(count).toBeGreaterThan(16);
  expect(uploads).toEqual([count, count, count, count]);
});
