import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSecretBox, keyFromFolder } from '../../src/runtime/secrets.ts';

const key = () => randomBytes(32).toString('base64');
const secret = { secretKey: 'nobody may see this' };

describe('a secret box', () => {
  it('opens what it sealed, and seals the same value differently each time', () => {
    const box = createSecretBox(key());
    const sealed = box.seal(secret, 'esm');
    expect(box.open(sealed, 'esm')).toEqual(secret);
    expect(box.seal(secret, 'esm')).not.toBe(sealed);
    expect(Buffer.from(sealed.split('.').at(-1) ?? '', 'base64').toString('latin1')).not.toContain('nobody');
  });

  it('opens nothing under another key or for another account', () => {
    const box = createSecretBox(key());
    const sealed = box.seal(secret, 'esm');
    expect(() => createSecretBox(key()).open(sealed, 'esm')).toThrow(/account esm cannot be opened/);
    expect(() => box.open(sealed, 'other')).toThrow(expect.objectContaining({ code: 'secret_key_wrong' }));
  });

  it('marks the same text alike, and otherwise under another key or for another account', () => {
    const one = key();
    const mark = createSecretBox(one).mark('kim@example.com', 'portal');
    expect(mark).toMatch(/^[0-9a-f]{16}$/);
    expect(createSecretBox(one).mark('kim@example.com', 'portal')).toBe(mark);
    const others = [
      createSecretBox(key()).mark('kim@example.com', 'portal'),
      createSecretBox(one).mark('kim@example.com', 'x'),
    ];
    expect(new Set([mark, ...others]).size).toBe(3);
  });

  it('opens nothing that was changed', () => {
    const box = createSecretBox(key());
    const [version = '', nonce = '', tag = '', body = ''] = box.seal(secret, 'esm').split('.');
    const turned = (text: string) => {
      const bytes = Buffer.from(text, 'base64');
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      return bytes.toString('base64');
    };
    const shortTag = Buffer.from(tag, 'base64').subarray(0, 4).toString('base64');
    const changed = [
      ['v2', nonce, tag, body],
      [version, turned(nonce), tag, body],
      [version, nonce, turned(tag), body],
      [version, nonce, tag, turned(body)],
      // A tag of four bytes can be found by trying.
      [version, nonce, shortTag, body],
      [version, nonce, tag],
      [''],
    ];
    for (const parts of changed)
      expect(() => box.open(parts.join('.'), 'esm'), parts.join('.')).toThrow('cannot be opened');
  });

  it('never says what is inside when it cannot open', () => {
    const box = createSecretBox(key());
    const sealed = box.seal('plain', 'esm');
    const failure = (() => {
      try {
        return createSecretBox(key()).open(sealed, 'esm');
      } catch (error) {
        return error;
      }
    })();
    expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain(sealed);
  });

  it.each(['', 'short', randomBytes(31).toString('base64'), randomBytes(33).toString('base64')])(
    'takes no key of another length: %j',
    (bad) => {
      expect(() => createSecretBox(bad)).toThrow(expect.objectContaining({ code: 'secret_key_invalid' }));
    },
  );
});

describe('the key of a data folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'naru-secrets-')), 'data');
  });
  afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

  it('is made once, for its owner alone, and read from then on', () => {
    const first = keyFromFolder(folder);
    expect(first.created).toBe(true);
    expect(statSync(first.path).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(keyFromFolder(folder)).toEqual({ ...first, created: false });
    expect(() => createSecretBox(first.key)).not.toThrow();
  });
});
