import { describe, expect, it } from 'vitest';
import { checkAccount } from '../../adapters/b2b-cxml/check.ts';
import { inbound } from '../../adapters/b2b-cxml/inbound.ts';
import { acknowledgeOrder, shipOrder } from '../../adapters/b2b-cxml/shipments.ts';
import { attributeOf, childOf, childrenOf, textOf, type XmlElement } from '../../adapters/b2b-cxml/xml-element.ts';
import { readXml } from '../../adapters/b2b-cxml/xml-reading.ts';
import type { KnownOrder } from '../../src/channel/contract.ts';
import { buyerMessage, now, orderXml, rehearse, settingsOf, statusAnswer } from '../support/b2b-cxml.ts';

const settings = settingsOf({ baseUrl: 'https://buyer.example/cxml' });

async function knownOrder(payloadId = 'm-1@buyer'): Promise<KnownOrder> {
  const { context } = rehearse(settings);
  const bytes = buyerMessage({ body: orderXml(), payloadId });
  const [record] = (await inbound.receive(context, { contentType: 'text/xml', bytes })).orders;
  if (!record) throw new Error('the order was not read');
  return { site: 'catalogue', orderId: record.externalId, lines: record.value.lines, raw: record.raw };
}
async function sent(act: (context: ReturnType<typeof rehearse>['context']) => Promise<void>): Promise<XmlElement> {
  const { context, calls } = rehearse(settings);
  await act(context);
  expect(calls).toHaveLength(1);
  return readXml(new TextEncoder().encode(calls[0]?.text?.content));
}
const shipment = { courierCode: 'CJ대한통운', invoiceNo: '1234-5678', shippedAt: new Date('2026-11-22T15:30:00Z') };

describe('b2b-cxml notices', () => {
  it('confirm the order that the buyer sent', async () => {
    const order = await knownOrder();
    const root = await sent((context) => acknowledgeOrder(context, order, now));
    const request = childOf(root, 'Request', 'ConfirmationRequest');
    expect(attributeOf(childOf(request, 'ConfirmationHeader'), 'type')).toBe('accept');
    expect(attributeOf(childOf(request, 'OrderReference'), 'orderID')).toBe('PO-1');
    expect(attributeOf(childOf(request, 'OrderReference', 'DocumentReference'), 'payloadID')).toBe('m-1@buyer');
  });
  it('tell of a shipment line by line, in Seoul time', async () => {
    const order = await knownOrder();
    const root = await sent((context) => shipOrder(context, order, shipment));
    const request = childOf(root, 'Request', 'ShipNoticeRequest');
    expect(attributeOf(childOf(request, 'ShipNoticeHeader'), 'shipmentDate')).toBe('2026-11-23T00:30:00+09:00');
    expect(textOf(request, 'ShipControl', 'CarrierIdentifier')).toBe('CJ대한통운');
    expect(textOf(request, 'ShipControl', 'ShipmentIdentifier')).toBe('1234-5678');
    const [item] = childrenOf(childOf(request, 'ShipNoticePortion'), 'ShipNoticeItem');
    expect([attributeOf(item, 'quantity'), attributeOf(item, 'lineNumber'), textOf(item, 'UnitOfMeasure')]).toEqual([
      '3',
      '10',
      'BX',
    ]);
  });
  it('are the same document when told again, and another when something else is told', async () => {
    const order = await knownOrder();
    type Tell = Parameters<typeof sent>[0];
    const textOfCall = async (act: Tell, afterMs = 0) => {
      const { context, calls } = rehearse(settings);
      await context.clock.sleep(afterMs);
      await act(context);
      return calls[0]?.text?.content ?? '';
    };
    const idOf = async (act: Tell) => attributeOf(await sent(act), 'payloadID');
    const taken: Tell = (context) => acknowledgeOrder(context, order, now);
    const shipped: Tell = (context) => shipOrder(context, order, shipment);
    for (const act of [taken, shipped]) expect(await textOfCall(act, 3_600_000)).toBe(await textOfCall(act));
    const newer = await knownOrder('m-2@buyer');
    expect(await idOf((context) => acknowledgeOrder(context, newer, now))).not.toBe(await idOf(taken));
    const notice = await idOf(shipped);
    expect(await idOf((context) => shipOrder(context, order, { ...shipment, invoiceNo: '9' }))).not.toBe(notice);
    // The first number once more, after another: that is news again.
    const again = { ...shipment, shippedAt: now };
    expect(await idOf((context) => shipOrder(context, order, again))).not.toBe(notice);
  });
  it('say what to do where the order came without its document', async () => {
    const { context, calls } = rehearse(settings);
    const order = { site: 'catalogue', orderId: '1', lines: [], raw: {} };
    await expect(acknowledgeOrder(context, order, now)).rejects.toMatchObject({
      kind: 'rejected',
      code: 'OWN_ORDER',
      sent: false,
    });
    expect(calls).toEqual([]);
  });
});

describe('b2b-cxml check', () => {
  it('asks for the profile, each time anew', async () => {
    const { context, calls } = rehearse(settings);
    await checkAccount(context);
    await context.clock.sleep(1_000);
    await checkAccount(context);
    const ids = calls.map((call) => /payloadID="([^"]+)"/.exec(call.text?.content ?? '')?.[1]);
    expect(new Set(ids).size).toBe(2);
    expect(calls[0]?.text?.content).toContain('<ProfileRequest');
  });
  it('asks nobody where there is nobody', async () => {
    const { context, calls } = rehearse(settingsOf());
    await checkAccount(context);
    expect(calls).toEqual([]);
  });
  it('is content with a partner that has no profile, and not with one that does not know us', async () => {
    const answering = (code: number) =>
      rehearse(settings, { answer: () => ({ status: 200, body: statusAnswer(code) }) }).context;
    await expect(checkAccount(answering(450))).resolves.toBeUndefined();
    await expect(checkAccount(answering(401))).rejects.toMatchObject({ kind: 'unauthorized' });
    expect(now.getTime()).toBeGreaterThan(0);
  });
});
