import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PeopleError } from '../domain/people-error.ts';

/** Seals and opens what is secret of accounts: AES-256-GCM, a fresh nonce each time, bound to the account's id. */
export interface SecretBox {
  seal(value: unknown, boundTo: string): string;
  /** Throws PeopleError when the key is another one, or the text was changed or moved to another account. */
  open(sealed: string, boundTo: string): unknown;
  /**
   * The same text gives the same mark, and nobody without the key finds the text by trying, as they would behind a plain
   * hash: addresses and names are few. 16 hex digits; another key gives other marks.
   */
  mark(text: string, boundTo: string): string;
}

const format = 'v1';

/** A box for a base64 key of exactly 32 bytes. Throws PeopleError for any other. */
export function createSecretBox(base64Key: string): SecretBox {
  const key = Buffer.from(base64Key, 'base64');
  if (key.length !== 32) {
    throw new PeopleError(
      'secret_key_invalid',
      'NARU_SECRET_KEY는 32바이트를 base64로 적은 값이어야 합니다. `openssl rand -base64 32`로 만들어 주십시오.',
      'NARU_SECRET_KEY must be 32 bytes in base64. Make one with `openssl rand -base64 32`.',
    );
  }
  // Of its own, so that no mark says anything about what was sealed.
  const markKey = Buffer.from(hkdfSync('sha256', key, '', 'naru mark', 32));
  return {
    mark: (text, boundTo) => {
      return createHmac('sha256', markKey)
        .update(JSON.stringify([boundTo, text]))
        .digest('hex')
        .slice(0, 16);
    },
    seal: (value, boundTo) => {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(boundTo));
      const body = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
      return [format, ...[nonce, cipher.getAuthTag(), body].map((part) => part.toString('base64'))].join('.');
    },
    open: (sealed, boundTo) => {
      const [version, nonce, tag, body] = sealed.split('.');
      try {
        if (version !== format || !nonce || !tag || !body) throw new Error('format');
        // A shorter tag would pass as well unless its length is asked for, and four bytes can be found by trying.
        const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64'), { authTagLength: 16 })
          .setAAD(Buffer.from(boundTo))
          .setAuthTag(Buffer.from(tag, 'base64'));
        return JSON.parse(
          Buffer.concat([decipher.update(Buffer.from(body, 'base64')), decipher.final()]).toString('utf8'),
        );
      } catch {
        throw new PeopleError(
          'secret_key_wrong',
          `계정 ${boundTo}의 인증 정보를 열 수 없습니다. 등록할 때의 NARU_SECRET_KEY로 다시 시작하거나, 계정을 같은 이름으로 다시 등록해 주십시오.`,
          `The credentials of account ${boundTo} cannot be opened. Start with the NARU_SECRET_KEY they were saved under, or add the account again under the same id.`,
        );
      }
    },
  };
}

/**
 * The key file of an embedded data folder: read, or made on first use with mode 0600.
 * `created` lets the caller tell the operator once, because losing the file means entering all credentials again.
 */
export function keyFromFolder(folder: string): { key: string; created: boolean; path: string } {
  const path = join(folder, 'secret.key');
  if (existsSync(path)) return { key: readFileSync(path, 'utf8').trim(), created: false, path };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const key = randomBytes(32).toString('base64');
  // `wx`: of two first starts at once, the second must not overwrite the key the first one already sealed with.
  writeFileSync(path, `${key}\n`, { mode: 0o600, flag: 'wx' });
  return { key, created: true, path };
}
