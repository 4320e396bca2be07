import { SaxesParser } from 'saxes';
import type { XmlElement } from './xml-element.ts';

/** Bounds of a document. Real orders with a thousand lines stay an order of magnitude below each of them. */
export interface XmlBounds {
  maxBytes: number;
  maxDepth: number;
  maxElements: number;
  /** Of one element. */
  maxAttributes: number;
  /** Of one attribute value, in characters. */
  maxAttribute: number;
  /** Of the text of one element, in characters. */
  maxText: number;
}

export const xmlBounds: XmlBounds = {
  maxBytes: 5 * 1024 * 1024,
  maxDepth: 100,
  maxElements: 100_000,
  maxAttributes: 100,
  maxAttribute: 8_192,
  maxText: 200_000,
};

export type XmlRefusalCode = 'too-large' | 'encoding' | 'doctype' | 'bounds' | 'malformed';

/** A document that is not read. The reason never repeats a part of the document. */
export class XmlRefusal extends Error {
  readonly code: XmlRefusalCode;

  constructor(code: XmlRefusalCode, reason: string) {
    super(reason);
    this.name = 'XmlRefusal';
    this.code = code;
  }
}

const chunkBytes = 64 * 1024;

/** A name, then perhaps an external id, and nothing more: no `[`, so no declaration of any kind. */
const plainDoctype = /^\s*[^\s[\]"']+(?:\s+(?:SYSTEM|PUBLIC\s+(?:"[^"]*"|'[^']*'))\s+(?:"[^"]*"|'[^']*'))?\s*$/;

/**
 * Reads a document into a tree. Nothing outside it is ever loaded: an external DTD is named and not fetched, and a
 * document that declares anything itself is refused. It is read in pieces, and the first breach ends the reading.
 * @throws XmlRefusal
 */
export function readXml(bytes: Uint8Array, bounds: XmlBounds = xmlBounds): XmlElement {
  if (bytes.length > bounds.maxBytes) throw new XmlRefusal('too-large', 'the document is too long');
  const encoding = encodingOf(bytes);
  const decoder = new TextDecoder(encoding, { fatal: true });
  const reading = createReading(encoding, bounds);
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    reading.write(decode(decoder, bytes.subarray(start, start + chunkBytes), true));
  }
  reading.write(decode(decoder, new Uint8Array(), false));
  return reading.end();
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** Without a byte order mark XML is UTF-8 (XML 1.0, 4.3.3); UTF-16 without one is malformed and found to be so. */
function encodingOf(bytes: Uint8Array): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

const declarable: Record<Encoding, readonly string[]> = {
  'utf-8': ['utf-8', 'us-ascii'],
  'utf-16le': ['utf-16', 'utf-16le'],
  'utf-16be': ['utf-16', 'utf-16be'],
};

function decode(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array, stream: boolean): string {
  try {
    return decoder.decode(bytes, { stream });
  } catch {
    // The only thing a fatal decoder throws for.
    throw new XmlRefusal('encoding', 'the bytes are not of the encoding of the document');
  }
}

interface Building {
  name: string;
  attributes: Map<string, string>;
  children: Building[];
  text: string;
}

function createReading(encoding: Encoding, bounds: XmlBounds) {
  const parser = new SaxesParser({ xmlns: false, position: false });
  const open: Building[] = [];
  let root: Building | null = null;
  let elements = 0;
  let attributes = 0;

  const addText = (text: string) => {
    const current = open.at(-1);
    if (!current) return;
    if (current.text.length + text.length > bounds.maxText) throw new XmlRefusal('bounds', 'a text is too long');
    current.text += text;
  };
  parser.on('error', () => {
    // The parser's own words may quote the document.
    throw new XmlRefusal('malformed', 'the document is not well-formed');
  });
  parser.on('xmldecl', (declaration) => {
    const named = declaration.encoding?.toLowerCase();
    if (named && !declarable[encoding].includes(named)) {
      throw new XmlRefusal('encoding', 'the document declares an encoding that is not taken: send UTF-8');
    }
    if (declaration.version !== '1.0') throw new XmlRefusal('malformed', 'only XML 1.0 is taken');
  });
  parser.on('doctype', (doctype) => {
    if (!plainDoctype.test(doctype)) {
      throw new XmlRefusal('doctype', 'a document type with declarations of its own is not taken');
    }
  });
  parser.on('opentagstart', () => {
    elements += 1;
    attributes = 0;
    if (elements > bounds.maxElements) throw new XmlRefusal('bounds', 'there are too many elements');
    if (open.length >= bounds.maxDepth) throw new XmlRefusal('bounds', 'the elements are nested too deeply');
  });
  parser.on('attribute', ({ value }) => {
    attributes += 1;
    if (attributes > bounds.maxAttributes) throw new XmlRefusal('bounds', 'an element has too many attributes');
    if (value.length > bounds.maxAttribute) throw new XmlRefusal('bounds', 'an attribute is too long');
  });
  parser.on('opentag', (tag) => {
    const element: Building = {
      name: tag.name,
      attributes: new Map(Object.entries(tag.attributes)),
      children: [],
      text: '',
    };
    const parent = open.at(-1);
    if (parent) parent.children.push(element);
    else root ??= element;
    open.push(element);
  });
  parser.on('closetag', () => {
    open.pop();
  });
  parser.on('text', addText);
  parser.on('cdata', addText);

  return {
    write(text: string): void {
      if (text !== '') parser.write(text);
    },
    end(): XmlElement {
      parser.close();
      if (!root) throw new XmlRefusal('malformed', 'the document is empty');
      return root;
    },
  };
}
