import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { pushCatalogue } from '../../adapters/b2b-cxml/catalogue-upload.ts';
import { b2bCxml } from '../../adapters/b2b-cxml/index.ts';
import type { ListingOutcome } from '../../src/channel/contract.ts';
import { ChannelError } from '../../src/channel/errors.ts';
import { changeOf, credentials, itemOf, rehearse, settingsOf, statusAnswer } from '../support/b2b-cxml.ts';

const uploading = { baseUrl: 'https://buyer.example/cxml?tenant=7' };

async function partsOf(content: { contentType: string; content: string } | undefined): Promise<string[]> {
  const mail = await PostalMime.parse(`Content-Type: ${content?.contentType}\r\n\r\n${content?.content}`);
  return mail.attachments.map((part) => new TextDecoder().decode(part.content as ArrayBuffer));
}
const idsOf = (outcome: ListingOutcome | undefined) => (outcome?.status === 'accepted' ? outcome.externalIds : null);

describe('b2b-cxml adapter', () => {
  it('promises nothing that a buyer cannot be asked for', () => {
    const groups = [
      'listings',
      'orders',
      'claims',
      'settlements',
      'shipments',
      'batches',
      'inquiries',
      'inbound',
    ] as const;
    expect(groups.filter((group) => b2bCxml[group])).toEqual(['listings', 'shipments', 'inbound']);
    expect(b2bCxml.listings?.find).toBeUndefined();
    expect(b2bCxml.listings?.keyedBySku).toContain('SupplierPartID');
    expect(b2bCxml.listings?.sites(settingsOf())).toEqual(['catalogue']);
  });
});

describe('b2b-cxml push', () => {
  it('sends one incremental Index with adds and deletes, in order', async () => {
    const settings = settingsOf(uploading);
    const { context, calls } = rehearse(settings);
    const document = await itemOf(settings);
    const outcomes = await pushCatalogue(context, [
      changeOf('A-1', document),
      changeOf('A-2', null, { operation: 'stop' }),
      changeOf('A-3', null),
    ]);
    expect(outcomes.map((outcome) => [outcome.sku, outcome.status])).toEqual([
      ['A-1', 'accepted'],
      ['A-2', 'accepted'],
      ['A-3', 'rejected'],
    ]);
    expect(idsOf(outcomes[0])?.supplierPartId).toBe('A-1');
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({ method: 'POST', path: '', family: 'catalogue' });
    const [upload = '', index = ''] = await partsOf(calls[0]?.text);
    expect(upload).toContain('<SharedSecret>welcome &amp; &lt;open&gt;</SharedSecret>');
    expect(upload).toContain('<CatalogUploadRequest operation="update">');
    expect(upload).toContain('timestamp="2026-11-23T09:30:00+09:00"');
    const cid = /<URL>cid:([^<]+)<\/URL>/.exec(upload)?.[1];
    expect(calls[0]?.text?.content).toContain(`Content-ID: <${cid}>`);
    expect(index).toContain('<Index loadmode="Incremental">');
    expect(index).toContain('<IndexItemDelete><ItemID><SupplierPartID>A-2</SupplierPartID></ItemID></IndexItemDelete>');
    expect(index).toMatch(/<IndexItemAdd><ItemID><SupplierPartID>A-1<.*<Money currency="KRW">23900<\/Money>/);
    expect(index).not.toContain('A-3');
  });
  it('sends CIF with a delete mark where the account says so', async () => {
    const settings = settingsOf({ ...uploading, catalogueFormat: 'cif' });
    const { context, calls } = rehearse(settings);
    await pushCatalogue(context, [
      changeOf('A-1', await itemOf(settings)),
      changeOf('A-2', null, { operation: 'remove' }),
    ]);
    const [, cif = ''] = await partsOf(calls[0]?.text);
    expect(cif).toContain('LOADMODE: I\n');
    expect(cif).toContain('ITEMCOUNT: 2\n');
    expect(cif).toMatch(/\nAN0200,A-2,.*,T\n/);
  });
  it('gives the same thing the same payloadID, and a return to an earlier price another', async () => {
    const settings = settingsOf(uploading);
    const document = await itemOf(settings);
    const send = async (minor: number, before: Record<string, string>) => {
      const { context } = rehearse(settings);
      const change = changeOf('A-1', document, { externalIds: before });
      change.desired.price = { minor, currency: 'KRW' };
      return idsOf((await pushCatalogue(context, [change]))[0]) ?? {};
    };
    const first = await send(1_000, {});
    expect(await send(1_000, {})).toEqual(first);
    expect(first.payloadId).toMatch(/^[0-9a-f]{32}@acme\.naru$/);
    const lower = await send(900, first);
    const again = await send(1_000, lower);
    expect(new Set([first.payloadId, lower.payloadId, again.payloadId]).size).toBe(3);
  });
  it('sends nothing for an account without an address: its catalogue are our pages', async () => {
    const { context, calls } = rehearse(settingsOf());
    const outcomes = await pushCatalogue(context, [
      changeOf('A-1', null),
      changeOf('A-2', null, { operation: 'stop' }),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['accepted', 'accepted']);
    expect(calls).toEqual([]);
  });
  it.each([200, 201, 204])('takes status %i for yes', async (code) => {
    const settings = settingsOf(uploading);
    const { context } = rehearse(settings, { answer: () => ({ status: 200, body: statusAnswer(code) }) });
    expect((await pushCatalogue(context, [changeOf('A-1', await itemOf(settings))]))[0]?.status).toBe('accepted');
  });
  it.each([
    [400, 'rejected'],
    [406, 'rejected'],
    [409, 'rejected'],
    [475, 'rejected'],
  ])('takes status %i for a refusal of the items', async (code, status) => {
    const settings = settingsOf(uploading);
    const { context } = rehearse(settings, {
      answer: () => ({ status: 200, body: statusAnswer(code, 'no such name') }),
    });
    const outcomes = await pushCatalogue(context, [changeOf('A-1', await itemOf(settings))]);
    expect(outcomes).toEqual([{ sku: 'A-1', status, code: `CXML_${code}`, message: 'no such name', field: null }]);
  });
  it.each([
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [500, 'unavailable'],
    [560, 'unavailable'],
    [300, 'protocol'],
  ])('throws for status %i as %s', async (code, kind) => {
    const settings = settingsOf(uploading);
    const { context } = rehearse(settings, { answer: () => ({ status: 200, body: statusAnswer(code) }) });
    const pushed = pushCatalogue(context, [changeOf('A-1', await itemOf(settings))]);
    await expect(pushed).rejects.toMatchObject({ name: 'ChannelError', kind, sent: true });
  });
  it.each([['<html>ok</html>'], ['ok'], [null], ['<cXML/>'], ['<!DOCTYPE a [<!ENTITY b "c">]><cXML/>']])(
    'does not take %j for an answer',
    async (body) => {
      const settings = settingsOf(uploading);
      const { context } = rehearse(settings, { answer: () => ({ status: 200, body }) });
      const pushed = pushCatalogue(context, [changeOf('A-1', await itemOf(settings))]);
      await expect(pushed).rejects.toMatchObject({ kind: 'protocol' });
      await expect(pushed).rejects.toBeInstanceOf(ChannelError);
    },
  );
  it('uses the outbound secret where there is one', async () => {
    const settings = settingsOf(uploading);
    const { context, calls } = rehearse(settings);
    await pushCatalogue({ ...context, credentials: { ...credentials, outboundSecret: 'out' } }, [
      changeOf('A-1', await itemOf(settings)),
    ]);
    expect(calls[0]?.text?.content).toContain('<SharedSecret>out</SharedSecret>');
    expect(calls[0]?.text?.content).not.toContain('welcome');
  });
});
