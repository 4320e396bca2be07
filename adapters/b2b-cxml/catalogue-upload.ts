import type { ListingChange, ListingOutcome } from '../../src/channel/contract.ts';
import { ChannelError } from '../../src/channel/errors.ts';
import { cifDocument, indexDocument } from './catalogue-documents.ts';
import type { CatalogueEntry } from './catalogue-rows.ts';
import { sendDocument, statusCodePrefix } from './client.ts';
import { payloadIdOf, requestDocument } from './envelope.ts';
import { pricedItem } from './item-document.ts';
import { type CxmlContext, xmlLanguage } from './settings.ts';
import type { XmlContent } from './xml-writing.ts';

/** The partner may store the whole file before it answers. */
const uploadTimeoutMs = 60_000;

type Entry = { sku: string; entry: CatalogueEntry } | { sku: string; refused: ListingOutcome };

/**
 * Sends a batch as one incremental catalogue. An account without an address is punch-out only: its catalogue are our own
 * pages, which show what is on sale at every request, so there is nothing to send and nothing that could be refused.
 */
export async function pushCatalogue(context: CxmlContext, changes: ListingChange[]): Promise<ListingOutcome[]> {
  const { settings, id } = context.account;
  if (settings.baseUrl === undefined) return changes.map(({ sku }) => accepted(sku, null));
  const entries = changes.map((change) => entryOf(context, change));
  const sendable = entries.flatMap((item) => ('entry' in item ? [item.entry] : []));
  if (sendable.length === 0) return entries.flatMap((item) => ('refused' in item ? [item.refused] : []));

  const at = context.clock.now();
  const options = { settings, loadMode: 'incremental', at } as const;
  const isCif = settings.catalogueFormat === 'cif';
  const pieces = isCif
    ? cifDocument(sendable, { ...options, count: sendable.length })
    : indexDocument(sendable, options);
  let file = '';
  for await (const piece of pieces) file += piece;

  // A price that goes up and down again makes the same file as before. The documents that told of these items last are a
  // part of the id, so that the partner does not take the return for a repeat of the first.
  const before = changes.map((change) => change.externalIds.payloadId ?? null);
  const sameAs = [before, sendable, isCif, settings.catalogueName, xmlLanguage(settings.language)];
  const contentId = `catalogue-${payloadIdOf(id, sameAs)}`;
  const { payloadId, xml } = requestDocument(context, {
    dtd: 'cXML',
    name: 'CatalogUploadRequest',
    content: uploadRequest(context, contentId),
    sameAs,
  });
  const boundary = `naru-${payloadId.slice(0, 32)}`;
  try {
    await sendDocument(context, {
      family: 'catalogue',
      contentType: `multipart/related; boundary="${boundary}"; type="text/xml"; start="<${payloadId}>"`,
      content: multipart(boundary, [
        { contentType: 'text/xml; charset=UTF-8', id: payloadId, content: xml },
        isCif
          ? { contentType: 'text/plain; charset=UTF-8', id: contentId, name: 'catalogue.cif', content: file }
          : { contentType: 'text/xml; charset=UTF-8', id: contentId, name: 'catalogue.xml', content: file },
      ]),
      timeoutMs: uploadTimeoutMs,
    });
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    return entries.map((item) => ('refused' in item ? item.refused : { ...refusal, sku: item.sku }));
  }
  return entries.map((item) => ('refused' in item ? item.refused : accepted(item.sku, payloadId)));
}

function accepted(sku: string, payloadId: string | null): ListingOutcome {
  const externalIds = { supplierPartId: sku, ...(payloadId !== null && { payloadId }) };
  return { sku, status: 'accepted', externalIds, refusals: [] };
}

/** The partner's own no to what we said; everything else is about the account or the moment, and is thrown. */
function refusalOf(error: unknown): Omit<Extract<ListingOutcome, { status: 'rejected' }>, 'sku'> | null {
  if (!(error instanceof ChannelError) || !error.code.startsWith(statusCodePrefix)) return null;
  if (error.kind !== 'rejected' && error.kind !== 'conflict') return null;
  return { status: 'rejected', code: error.code, message: error.channelMessage ?? '', field: error.field };
}

function entryOf(context: CxmlContext, change: ListingChange): Entry {
  const { sku } = change;
  if (change.operation === 'stop' || change.operation === 'remove') return { sku, entry: { kind: 'delete', sku } };
  const { settings } = context.account;
  const item = pricedItem(settings, { sku, document: change.desired.document, price: change.desired.price });
  if (item) return { sku, entry: { kind: 'add', item } };
  const message =
    `${settings.currency} 가격이 있는 상품 문서가 없습니다. 계정을 다시 저장하고 다시 보내십시오. / ` +
    `There is no item document with a price in ${settings.currency}. Save the account again and push again.`;
  return { sku, refused: { sku, status: 'rejected', code: 'OWN_DOCUMENT', message, field: null } };
}

function uploadRequest({ account: { settings } }: CxmlContext, contentId: string): XmlContent {
  const language = xmlLanguage(settings.language);
  const { contact } = settings;
  return {
    '@operation': 'update',
    CatalogName: { '@xml:lang': language, '#': settings.catalogueName },
    Description: { '@xml:lang': language, '#': settings.catalogueName },
    Attachment: { URL: `cid:${contentId}` },
    Notification: contact ? { Email: { '@name': contact.name, '#': contact.email } } : {},
  };
}

interface Part {
  contentType: string;
  id: string;
  name?: string;
  content: string;
}

/** The parts as they are, in UTF-8. The boundary is a hash of what they say and cannot stand in them by chance. */
function multipart(boundary: string, parts: readonly Part[]): string {
  const written = parts.map(({ contentType, id, name, content }) => {
    const head = [
      `Content-Type: ${contentType}`,
      'Content-Transfer-Encoding: 8bit',
      `Content-ID: <${id}>`,
      ...(name === undefined ? [] : [`Content-Disposition: attachment; filename="${name}"`]),
    ];
    return `--${boundary}\r\n${head.join('\r\n')}\r\n\r\n${content}\r\n`;
  });
  return `${written.join('')}--${boundary}--\r\n`;
}
