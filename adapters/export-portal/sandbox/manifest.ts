/**
 * The list of what is in a batch. The notes say what it tells (batch id, portal, template version, row count, sha256 of
 * every file), not what the fields are called; so they are found by what their names and values look like.
 */

import { NotABatch } from './zip-reading.ts';

export interface Manifest {
  batchId: string | null;
  portal: string | null;
  templateVersion: string | null;
  rowCount: number | null;
  /** sha256 in lower case by file name without the batch's folder. */
  files: Map<string, string>;
}

const HASH = /^(?:sha256[:-])?([0-9a-f]{64})$/i;

type Field = [key: string, value: unknown];

/** All fields at any depth, outer ones first. */
function fieldsOf(value: unknown): Field[] {
  if (typeof value !== 'object' || value === null) return [];
  const here: Field[] = Object.entries(value);
  return [...here, ...here.flatMap(([, inner]) => fieldsOf(inner))];
}

function hashIn(value: unknown): string | null {
  if (typeof value === 'string') return HASH.exec(value)?.[1]?.toLowerCase() ?? null;
  if (typeof value !== 'object' || value === null) return null;
  return (
    Object.values(value)
      .map((inner) => (typeof inner === 'string' ? hashIn(inner) : null))
      .find((one) => one !== null) ?? null
  );
}

function nameIn(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const named = Object.entries(value).find(([key, inner]) => /name|path|file/i.test(key) && typeof inner === 'string');
  return named === undefined ? null : String(named[1]);
}

function filesOf(value: unknown, folder: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const [key, inner] of fieldsOf(value)) {
    const hash = hashIn(inner);
    // A file is `{name, sha256}` in a list, or the name is the key.
    const name = nameIn(inner) ?? (/[./]/.test(key) ? key : null);
    if (hash !== null && name !== null)
      files.set(name.startsWith(`${folder}/`) ? name.slice(folder.length + 1) : name, hash);
  }
  return files;
}

/** @throws NotABatch when it is no JSON object. */
export function readManifest(text: string, folder: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new NotABatch(`manifest.json is no JSON: ${error instanceof Error ? error.message : 'unknown'}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new NotABatch('manifest.json is no object');
  const fields = fieldsOf(value);
  const scalar = (pattern: RegExp): string | null => {
    const [, found] =
      fields.find(([key, inner]) => pattern.test(key) && ['string', 'number'].includes(typeof inner)) ?? [];
    return found === undefined ? null : String(found);
  };
  const rows = scalar(/row|item.*count|count/i);
  return {
    batchId: scalar(/^batch/i),
    portal: scalar(/portal|profile/i),
    templateVersion: scalar(/template.*version|version|template/i),
    rowCount: rows !== null && /^\d+$/.test(rows) ? Number(rows) : null,
    files: filesOf(value, folder),
  };
}
