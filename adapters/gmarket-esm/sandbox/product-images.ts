/** The channel's own fetch of a product image. Only loopback addresses are fetched; a sandbox never leaves the machine. */

import * as http from 'node:http';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);
const FETCH_LIMIT_MS = 10_000;
/** 2 MB, jpg or png. */
const MOST_BYTES = 2 * 1024 * 1024;

/** True for an absolute http or https address. */
export function isWebAddress(value: unknown): value is string {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol } = new URL(value);
  return protocol === 'http:' || protocol === 'https:';
}

/**
 * Fetches the head of an image as the channel would.
 *
 * @returns `null` when the image can be used or is not on loopback, otherwise the channel's reason for refusing it.
 */
export function imageRefusal(address: string): Promise<string | null> {
  const url = new URL(address);
  if (url.protocol !== 'http:' || !LOOPBACK.has(url.hostname)) return Promise.resolve(null);
  return new Promise((resolve) => {
    const unusable = (reason: string): void => resolve(`상품 이미지를 가져올 수 없습니다. (${reason})`);
    const request = http.get(url, { agent: false, signal: AbortSignal.timeout(FETCH_LIMIT_MS) }, (response) => {
      const type = response.headers['content-type']?.split(';')[0]?.trim() ?? '';
      const bytes = Number(response.headers['content-length'] ?? 0);
      // The head is enough to decide; the rest of the picture is not wanted.
      response.destroy();
      if (response.statusCode !== 200) unusable(`HTTP ${response.statusCode}`);
      else if (type !== 'image/jpeg' && type !== 'image/png') unusable('jpg, png 형식이 아닙니다');
      else if (bytes > MOST_BYTES) unusable('2MB를 초과합니다');
      else resolve(null);
    });
    // After a usable head the destroyed response ends in an error event too; the promise is settled by then.
    request.on('error', () => unusable('연결할 수 없습니다'));
  });
}
