import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode, StoreUnavailableError } from './database.ts';

/**
 * Makes the folder and what is missing above it, all 0700. Node's own recursive mkdir never returns where a file system
 * answers ENOENT for a folder that it will not have, such as /proc.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (errorCode(error) === 'EEXIST' && (await stat(folder)).isDirectory()) return;
    if (errorCode(error) !== 'ENOENT' || (await isThere(dirname(folder)))) throw error;
    await makeFolder(dirname(folder));
    await makeFolder(folder);
  }
}

/** True when there is a file or folder at `path`; throws what the file system says other than "no such file". */
export async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

/**
 * Runs work on the data folder; what the file system refuses becomes a sentence about the folder.
 * @throws StoreUnavailableError for an error of the file system; every other error as it is.
 */
export async function onDataFolder<T>(folder: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isFileSystemError(error) ? folderUnavailable(error, folder) : error;
  }
}

function isFileSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && /^E[A-Z]+$/.test(errorCode(error) ?? '');
}

const ADVICE: Readonly<Record<string, readonly [messageKo: string, messageEn: string]>> = {
  EACCES: [
    '이 폴더에 쓸 권한이 없습니다. 폴더의 주인과 권한을 확인하세요.',
    'There is no permission to write there: check the owner and mode of the folder.',
  ],
  EPERM: [
    '이 폴더의 권한을 바꿀 수 없습니다. 폴더의 주인을 확인하세요.',
    'Its mode cannot be changed: check who owns the folder.',
  ],
  EROFS: [
    '읽기 전용 디스크입니다. 쓸 수 있는 폴더를 지정하세요.',
    'The disk is read-only: name a folder that can be written.',
  ],
  ENOTDIR: [
    '경로 중에 폴더가 아닌 파일이 있습니다. 다른 경로를 지정하세요.',
    'A part of the path is a file, not a folder: name another path.',
  ],
  ENOENT: [
    '이 경로에 폴더를 만들 수 없습니다. 다른 경로를 지정하세요.',
    'A folder cannot be made there: name another path.',
  ],
  EEXIST: [
    '같은 이름의 파일이 이미 있습니다. 다른 경로를 지정하세요.',
    'A file of that name exists already: name another path.',
  ],
  ENOSPC: [
    '디스크가 꽉 찼습니다. 공간을 비운 뒤 다시 시작하세요.',
    'The disk is full: free some space and start again.',
  ],
  '53100': [
    '디스크가 꽉 찼습니다. 공간을 비운 뒤 다시 시작하세요.',
    'The disk is full: free some space and start again.',
  ],
};
const GENERAL_ADVICE = [
  '디스크 상태를 확인하고, 그래도 안 되면 백업에서 되살리세요.',
  'Check the disk; if that does not help, restore the folder from a backup.',
] as const;

/** The error for a folder that cannot be used, with what to do about it. */
export function folderUnavailable(error: unknown, folder: string): StoreUnavailableError {
  if (error instanceof StoreUnavailableError) return error;
  const code = errorCode(error) ?? engineCode(error) ?? 'unknown';
  const [messageKo, messageEn] = ADVICE[code] ?? GENERAL_ADVICE;
  return new StoreUnavailableError(
    {
      messageKo: `데이터 폴더(${folder})를 쓸 수 없습니다 (${code}). ${messageKo}`,
      messageEn: `The data folder ${folder} cannot be used (${code}). ${messageEn}`,
    },
    folder,
    error,
  );
}

/** The embedded engine's own file layer numbers its errors as WASI does and gives no name. */
const ENGINE_CODES: Readonly<Record<number, string>> = { 2: 'EACCES', 51: 'ENOSPC', 54: 'ENOTDIR', 69: 'EROFS' };

function engineCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('errno' in error)) return undefined;
  return typeof error.errno === 'number' ? ENGINE_CODES[error.errno] : undefined;
}
