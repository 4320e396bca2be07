import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributeOf, childOf, childrenOf, textOf } from '../../adapters/b2b-cxml/xml-element.ts';
import { readXml, XmlRefusal, xmlBounds } from '../../adapters/b2b-cxml/xml-reading.ts';
import { xmlFragment } from '../../adapters/b2b-cxml/xml-writing.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const refusalOf = (bytes: Uint8Array | string): string => {
  try {
    readXml(typeof bytes === 'string' ? bytesOf(bytes) : bytes);
  } catch (error) {
    if (error instanceof XmlRefusal) return error.code;
    throw error;
  }
  return 'read';
};

describe('reading XML', () => {
  it('gives elements, attributes and texts', () => {
    const root = readXml(bytesOf('<a x="1 &amp; 2"><b> q&lt; </b><b><![CDATA[<z>]]></b><c><d/></c></a>'));
    expect(attributeOf(root, 'x')).toBe('1 & 2');
    expect(childrenOf(root, 'b').map((element) => element.text.trim())).toEqual(['q<', '<z>']);
    expect(textOf(root, 'b')).toBe('q<');
    expect(childOf(root, 'c', 'd')?.children).toEqual([]);
    expect(textOf(root, 'c', 'd')).toBeUndefined();
    expect(childOf(root, 'x', 'y')).toBeUndefined();
  });

  it('tolerates an external document type and never asks for it', () => {
    expect(refusalOf('<!DOCTYPE cXML SYSTEM "http://127.0.0.1:9/cXML.dtd"><cXML/>')).toBe('read');
    expect(refusalOf('<!DOCTYPE cXML PUBLIC "-//x//y" "http://127.0.0.1:9/cXML.dtd"><cXML/>')).toBe('read');
    expect(refusalOf('<!DOCTYPE cXML><cXML/>')).toBe('read');
  });

  it.each([
    ['billion laughs', '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>'],
    ['quadratic blow-up', `<!DOCTYPE a [<!ENTITY x "${'h'.repeat(50_000)}">]><a>${'&x;'.repeat(1_000)}</a>`],
    ['external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
    ['parameter entity', '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]><a/>'],
    ['attribute defaults', '<!DOCTYPE a [<!ATTLIST a secret CDATA "1">]><a/>'],
    ['empty internal subset', '<!DOCTYPE a SYSTEM "x.dtd" []><a/>'],
  ])('refuses a document type with declarations: %s', (_name, text) => {
    expect(refusalOf(text)).toBe('doctype');
  });

  it.each([
    ['an entity nobody declared', '<a>&x;</a>'],
    ['an entity of an external document type', '<!DOCTYPE a SYSTEM "x.dtd"><a>&nbsp;</a>'],
    ['NUL', '<a>\u0000</a>'],
    ['NUL as a reference', '<a>&#0;</a>'],
    ['a control character', '<a>\u0001</a>'],
    ['XML 1.1', '<?xml version="1.1"?><a>&#1;</a>'],
    ['two roots', '<a/><b/>'],
    ['an open element', '<a><b></a>'],
    ['a doubled attribute', '<a x="1" x="2"/>'],
    ['nothing', ''],
    ['no XML', '{"a":1}'],
    ['an end in the middle', '<a><b'],
  ])('refuses %s', (_name, text) => {
    expect(refusalOf(text)).toBe('malformed');
  });

  it('refuses bytes that are no UTF-8, and encodings it does not take', () => {
    expect(refusalOf(Uint8Array.of(0x3c, 0x61, 0x3e, 0xff, 0xfe, 0x3c, 0x2f, 0x61, 0x3e))).toBe('encoding');
    expect(refusalOf(Uint8Array.of(0x3c, 0x61, 0x3e, 0xc3))).toBe('encoding');
    expect(refusalOf('<?xml version="1.0" encoding="EUC-KR"?><a/>')).toBe('encoding');
  });

  it('reads UTF-16 with a byte order mark and refuses it without', () => {
    const text = '<?xml version="1.0" encoding="UTF-16"?><a>한국</a>';
    const little = Buffer.from(`\ufeff${text}`, 'utf16le');
    expect(readXml(little).text).toBe('한국');
    expect(readXml(Buffer.from(little).swap16()).text).toBe('한국');
    expect(refusalOf(little.subarray(2))).toBe('encoding');
  });

  it('reads characters that lie across two pieces', () => {
    const text = `${'x'.repeat(64 * 1024 - 5)}한글한글`;
    expect(readXml(bytesOf(`<a>${text}</a>`)).text).toBe(text);
  });

  it('stops at depth, count, attributes and long texts', () => {
    expect(refusalOf(`${'<a>'.repeat(100)}${'</a>'.repeat(100)}`)).toBe('read');
    expect(refusalOf(`${'<a>'.repeat(101)}${'</a>'.repeat(101)}`)).toBe('bounds');
    // Never closed: what refuses it is the depth, before its end is looked at.
    expect(refusalOf('<a>'.repeat(10_000))).toBe('bounds');
    expect(refusalOf(`<a>${'<b/>'.repeat(xmlBounds.maxElements)}</a>`)).toBe('bounds');
    expect(refusalOf(`<a x="${'v'.repeat(xmlBounds.maxAttribute + 1)}"/>`)).toBe('bounds');
    const many = Array.from({ length: xmlBounds.maxAttributes + 1 }, (_, index) => `a${index}=""`).join(' ');
    expect(refusalOf(`<a ${many}/>`)).toBe('bounds');
    expect(refusalOf(`<a>${'t'.repeat(xmlBounds.maxText + 1)}</a>`)).toBe('bounds');
    expect(refusalOf(`<a>${'t'.repeat(xmlBounds.maxText)}<b/>t</a>`)).toBe('bounds');
  });

  it('does not even decode 50 MB', () => {
    const bytes = new Uint8Array(50 * 1024 * 1024).fill(0x20);
    const before = process.memoryUsage().rss;
    expect(refusalOf(bytes)).toBe('too-large');
    expect(process.memoryUsage().rss - before).toBeLessThan(16 * 1024 * 1024);
  });

  it('reads back whatever text the writer was given, but for what XML cannot hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const kept = text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '');
        const root = readXml(bytesOf(xmlFragment('a', { '@x': text, '#': text })));
        // A parser has one kind of line end, and none in attributes (XML 1.0, 2.11 and 3.3.3).
        expect(root.text).toBe(kept.replace(/\r\n?/g, '\n'));
        expect(root.attributes.get('x')).toBe(kept.replace(/\r\n|[\r\n\t]/g, ' '));
      }),
      { numRuns: 500 },
    );
  });

  it('throws nothing but its own refusal for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        refusalOf(bytes);
        refusalOf(Buffer.concat([Buffer.from('<a>'), bytes, Buffer.from('</a>')]));
      }),
      { numRuns: 500 },
    );
  });
});
