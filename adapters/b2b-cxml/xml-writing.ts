import { fragment } from 'xmlbuilder2';

/** Content of an element: its text, or attributes (`@name`), text (`#`) and children by name, in document order. */
export type XmlContent = string | { [name: string]: XmlContent | XmlContent[] };

/** Which published DTD judges a document (1.2.063): the notices about orders have one of their own. */
export type Dtd = 'cXML' | 'Fulfill';

export const cxmlVersion = '1.2.063';

/** What no XML 1.0 document can hold, not even as a reference. */
const impossible = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** One element as text, without a declaration. Characters that XML cannot hold are left out. */
export function xmlFragment(name: string, content: XmlContent): string {
  // Looking for them here first halves the time of a catalogue: the builder looks at every character by itself.
  const options = holdsImpossible(content) ? { invalidCharReplacement: '' } : {};
  return fragment(options, { [name]: content }).toString();
}

function holdsImpossible(content: XmlContent | XmlContent[]): boolean {
  if (typeof content === 'string') return impossible.test(content);
  return Object.values(content).some(holdsImpossible);
}

/** What stands before the root element. */
export function xmlProlog(rootName: string, dtd: Dtd): string {
  const address = `http://xml.cxml.org/schemas/cXML/${cxmlVersion}/${dtd}.dtd`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE ${rootName} SYSTEM "${address}">\n`;
}
