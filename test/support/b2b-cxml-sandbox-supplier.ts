/** A supplier typed by hand: its documents, and a door that answers what the test says. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'vitest';
import { type CxmlBuyer, startCxmlBuyer } from '../../adapters/b2b-cxml/sandbox/index.ts';

export const START = Date.parse('2026-12-07T01:00:00Z');
const SECRET = 'sandbox-shared-secret-4f1c';

export const dtdFolder = process.env.NARU_CXML_ORACLE ? `${process.env.NARU_CXML_ORACLE}/dtd/1.2.063` : null;

/** A buyer at a standing hour; with the published DTDs where they are at hand. */
export function openBuyer(): Promise<CxmlBuyer> {
  return startCxmlBuyer({ now: () => START, ...(dtdFolder === null ? {} : { dtdFolder }) });
}

/** Makes the buyer act over its control paths, as anybody outside this process does. */
export async function control<Answer>(buyer: CxmlBuyer, path: string, body: object, status = 200): Promise<Answer> {
  const response = await fetch(`${buyer.url}${path}`, { method: 'POST', body: JSON.stringify(body) });
  expect(response.status).toBe(status);
  return (await response.json()) as Answer;
}

const doctype = (root: string, dtd: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE ${root} SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.063/${dtd}.dtd">\n`;

export interface EnvelopeParts {
  payloadId?: string;
  dtd?: string;
  secret?: string | null;
  sender?: string;
  to?: string;
  wrap?: 'Request' | 'Message';
}

/** A document of the supplier around `content`. */
export function envelope(content: string, parts: EnvelopeParts = {}): string {
  const { payloadId = 'first@supplier.example', dtd = 'cXML', secret = SECRET, wrap = 'Request' } = parts;
  const credential = (identity: string, inner = ''): string =>
    `<Credential domain="NetworkId"><Identity>${identity}</Identity>${inner}</Credential>`;
  const shared = secret === null ? '' : `<SharedSecret>${secret}</SharedSecret>`;
  return `${doctype('cXML', dtd)}<cXML payloadID="${payloadId}" timestamp="2026-12-07T10:00:00+09:00">
<Header><From>${credential('AN01000000017')}</From><To>${credential(parts.to ?? 'AN01000000042')}</To>
<Sender>${credential(parts.sender ?? 'AN01000000017', shared)}<UserAgent>by hand</UserAgent></Sender></Header>
<${wrap}>${content}</${wrap}></cXML>`;
}

export function addItem(sku: string, price: string, currency = 'USD', extra = ''): string {
  return `<IndexItemAdd><ItemID><SupplierPartID>${sku}</SupplierPartID></ItemID><ItemDetail>
<UnitPrice><Money currency="${currency}">${price}</Money></UnitPrice><Description xml:lang="en">Product ${sku}</Description>
<UnitOfMeasure>EA</UnitOfMeasure><Classification domain="UNSPSC">14111507</Classification>${extra}</ItemDetail>
<IndexItemDetail><LeadTime>3</LeadTime></IndexItemDetail></IndexItemAdd>`;
}

export const deleteItem = (sku: string): string =>
  `<IndexItemDelete><ItemID><SupplierPartID>${sku}</SupplierPartID></ItemID></IndexItemDelete>`;

export function indexDocument(items: readonly string[], mode = 'Full', supplier = 'AN01000000017'): string {
  return `${doctype('Index', 'cXML')}<Index loadmode="${mode}"><SupplierID domain="NetworkId">${supplier}</SupplierID>
${items.map((item) => `<IndexItem>${item}</IndexItem>`).join('\n')}</Index>`;
}

export const uploadRequest = (url = 'cid:catalogue@supplier.example'): string =>
  `<CatalogUploadRequest operation="update"><CatalogName xml:lang="en">Green goods</CatalogName>
<Description xml:lang="en">All of them</Description><Attachment><URL>${url}</URL></Attachment><Notification/></CatalogUploadRequest>`;

/** The upload and its file as one MIME message, as RFC 2387 has it. */
export function related(xml: string, file: string | Buffer, fileType = 'text/xml; charset=UTF-8'): [string, Buffer] {
  const part = (type: string, id: string, extra = ''): string =>
    `--cut\r\nContent-Type: ${type}\r\nContent-ID: <${id}>\r\n${extra}Content-Transfer-Encoding: base64\r\n\r\n`;
  const packed = (bytes: string | Buffer): string => `${Buffer.from(bytes as string).toString('base64')}\r\n`;
  const body = [
    part('text/xml; charset=UTF-8', 'main@supplier.example'),
    packed(xml),
    part(fileType, 'catalogue@supplier.example', 'Content-Disposition: attachment; filename="catalogue"\r\n'),
    packed(file),
    '--cut--\r\n',
  ];
  const type = 'multipart/related; boundary="cut"; type="text/xml"; start="<main@supplier.example>"';
  return [type, Buffer.from(body.join(''))];
}

export interface Answered {
  http: number;
  code: number | null;
  text: string;
}

/** Sends bytes to the buyer's door and reads the code of the Status. */
export async function deliver(
  buyer: CxmlBuyer,
  body: string | Buffer,
  contentType = 'text/xml; charset=UTF-8',
): Promise<Answered> {
  const { baseUrl } = buyer.accountConfig().settings as { baseUrl: string };
  const response = await fetch(baseUrl, { method: 'POST', headers: { 'content-type': contentType }, body });
  const text = await response.text();
  const code = /<Status code="(\d+)"/.exec(text)?.[1];
  return { http: response.status, code: code === undefined ? null : Number(code), text };
}

export async function upload(buyer: CxmlBuyer, file: string, payloadId: string, fileType?: string): Promise<Answered> {
  const [type, body] = related(envelope(uploadRequest(), { payloadId }), file, fileType);
  return deliver(buyer, body, type);
}

/** What the supplier's door says, as a whole document. */
export const said = (code: number, inner = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?><cXML payloadID="a@supplier.example" timestamp="2026-12-07T10:00:00+09:00"><Response><Status code="${code}" text="said">words</Status>${inner}</Response></cXML>`;

export interface SupplierDoor {
  url: string;
  /** Everything that came, oldest first. */
  came: string[];
  /** What it answers from now on; null hangs up. */
  answer: string | null;
  close(): Promise<void>;
}

export async function openSupplier(): Promise<SupplierDoor> {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      door.came.push(Buffer.concat(pieces).toString('utf8'));
      if (door.answer === null) request.socket.destroy();
      else response.setHeader('content-type', 'text/xml').end(door.answer);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const door: SupplierDoor = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/inbound`,
    came: [],
    answer: said(200),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return door;
}
