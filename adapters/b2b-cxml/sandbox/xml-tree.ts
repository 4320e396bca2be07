/** XML as a tree of elements: what the buyer reads, without entities and without anything from outside. */

import { SaxesParser } from 'saxes';

export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  /** All character data directly in this element, as written. */
  text: string;
}

export interface XmlTree {
  root: XmlElement;
  /** Address in the DOCTYPE; null when there is none. */
  systemId: string | null;
  /** Name in the DOCTYPE; null when there is none. */
  doctypeName: string | null;
}

/** The text is no XML, or XML that must not be read. */
export class NotXml extends Error {
  override name = 'NotXml';
}

/**
 * Reads a document.
 * @throws NotXml when it is not well-formed, or declares entities: a document of strangers must not make others grow.
 */
export function readXml(text: string): XmlTree {
  const parser = new SaxesParser();
  const open: XmlElement[] = [];
  let root: XmlElement | null = null;
  let doctype: string | null = null;
  parser.on('error', (error) => {
    throw new NotXml(error.message);
  });
  parser.on('doctype', (content) => {
    if (content.includes('[')) throw new NotXml('the DOCTYPE has an internal subset');
    doctype = content.trim();
  });
  parser.on('opentag', (tag) => {
    const element = { name: tag.name, attributes: { ...tag.attributes }, children: [], text: '' };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on('closetag', () => {
    open.pop();
  });
  const addText = (found: string): void => {
    const element = open.at(-1);
    if (element) element.text += found;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(text).close();
  if (root === null) throw new NotXml('there is no root element');
  const declared = /^(\S+)(?:\s+SYSTEM\s+(?:"([^"]*)"|'([^']*)'))?$/.exec(doctype ?? '');
  return { root, doctypeName: declared?.[1] ?? null, systemId: declared?.[2] ?? declared?.[3] ?? null };
}

/** The first child along a path such as `Header/Sender`; null when one of the steps is missing. */
export function at(element: XmlElement, path: string): XmlElement | null {
  let here: XmlElement | null = element;
  for (const step of path.split('/')) here = here?.children.find((child) => child.name === step) ?? null;
  return here;
}

/** The trimmed text at a path; null when the element is missing. */
export function textAt(element: XmlElement, path: string): string | null {
  return at(element, path)?.text.trim() ?? null;
}

export function childrenOf(element: XmlElement | null, name: string): XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}
