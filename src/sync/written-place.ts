import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PeopleError } from '../domain/people-error.ts';

/** Why a file or folder that a person asked for cannot be written, by the system's code. */
const reasons: Record<string, { ko: string; en: string }> = {
  ENOENT: { ko: '그 폴더가 없거나 만들 수 없는 곳입니다', en: 'the folder does not exist, or none can be made there' },
  ENOTDIR: { ko: '경로 가운데 폴더가 아닌 파일이 있습니다', en: 'a part of the path is a file and no folder' },
  EEXIST: { ko: '같은 이름의 파일이 이미 있습니다', en: 'a file of that name is there already' },
  EISDIR: { ko: '같은 이름의 폴더가 이미 있습니다', en: 'a folder of that name is there already' },
  ENOTEMPTY: { ko: '같은 이름의 폴더가 이미 있습니다', en: 'a folder of that name is there already' },
  EACCES: { ko: '쓸 권한이 없습니다', en: 'it may not be written' },
  EPERM: { ko: '쓸 권한이 없습니다', en: 'it may not be written' },
  EROFS: { ko: '읽기 전용인 곳입니다', en: 'it is read-only' },
  ENOSPC: { ko: '디스크가 가득 찼습니다', en: 'the disk is full' },
  EDQUOT: { ko: '디스크 할당량을 다 썼습니다', en: 'the disk quota is used up' },
  ENAMETOOLONG: { ko: '이름이 너무 깁니다', en: 'the name is too long' },
};

/** What the file system was doing; the same codes from elsewhere (a socket, a module) say something else. */
const calls: ReadonlySet<unknown> = new Set(['open', 'write', 'close', 'mkdir', 'rename', 'stat']);

/** The error for people where the file system refused a place that they named; any other error as it is. */
function asPlaceError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('code' in error && 'syscall' in error) || !calls.has(error.syscall)) return error;
  const reason = reasons[String(error.code)];
  if (!reason) return error;
  return new PeopleError(
    'place_unusable',
    `${path}에 쓸 수 없습니다: ${reason.ko}. 쓸 수 있는 경로를 --out에 적어 다시 실행해 주십시오.`,
    `${path} cannot be written: ${reason.en}. Give a path that can be written with --out and run it again.`,
  );
}

/**
 * Makes a folder with all folders above it.
 *
 * Step by step: where a file system takes no folder (`/proc`), the runtime's own way of making a whole path tries for ever.
 * @throws PeopleError `place_unusable`.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await makeEach(path);
  } catch (error) {
    throw asPlaceError(error, path);
  }
}

async function makeEach(path: string): Promise<void> {
  const found = await stat(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT' && dirname(path) !== path) return null;
    throw error;
  });
  if (found?.isDirectory()) return;
  if (found) throw Object.assign(new Error(`${path} is a file`), { code: 'EEXIST', syscall: 'mkdir' });
  await makeEach(dirname(path));
  // Somebody else may have made it meanwhile, which is as good.
  await mkdir(path).catch(async (error: unknown) => {
    if (!(await stat(path).catch(() => null))?.isDirectory()) throw error;
  });
}

/**
 * Writes `content` under a draft's name, for a file that will be `path`; gives its SHA-256, hex. Nothing is left of a draft
 * that fails.
 * @throws PeopleError `place_unusable`.
 */
export async function writeDraft(
  content: AsyncIterable<Uint8Array | string>,
  about: { draft: string; path: string; signal: AbortSignal },
): Promise<string> {
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(piece: Uint8Array, _encoding, done) {
      hash.update(piece);
      done(null, piece);
    },
  });
  try {
    await pipeline(Readable.from(content), hashing, createWriteStream(about.draft), { signal: about.signal });
  } catch (error) {
    throw await givenUp(error, about);
  }
  return hash.digest('hex');
}

/**
 * Gives a draft its name.
 * @throws PeopleError `place_unusable`; nothing is left of the draft.
 */
export async function nameDraft(draft: string, path: string): Promise<void> {
  await rename(draft, path).catch(async (error: unknown) => {
    throw await givenUp(error, { draft, path });
  });
}

async function givenUp(error: unknown, { draft, path }: { draft: string; path: string }): Promise<unknown> {
  // Where the place itself cannot be used, there is nothing to remove either, and the first error is the one to tell.
  await rm(draft, { force: true }).catch(() => undefined);
  return asPlaceError(error, path);
}
