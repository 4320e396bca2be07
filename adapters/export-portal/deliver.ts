import { constants } from 'node:fs';
import { access, copyFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ChannelError, type ChannelErrorKind } from '../../src/channel/errors.ts';
import type { ExportPortalContext } from './settings.ts';
import { listSftpFolder, uploadBySftp } from './sftp.ts';

/**
 * Puts the finished file where the settings say, under its own name only once it is whole. Null where nothing is set.
 * @throws ChannelError
 */
export async function deliverFile(
  context: ExportPortalContext,
  file: { name: string; path: string },
): Promise<string | null> {
  const { delivery } = context.account.settings;
  if (delivery.kind === 'none') return null;
  if (delivery.kind === 'sftp') return uploadBySftp(context, delivery, file);
  context.signal.throwIfAborted();
  return copyInto(delivery.path, file);
}

/**
 * Whether files can be put where the settings say; there is nothing else of this channel that could be asked.
 * @throws ChannelError
 */
export async function checkDelivery(context: ExportPortalContext): Promise<void> {
  const { delivery } = context.account.settings;
  if (delivery.kind === 'sftp') await listSftpFolder(context, delivery);
  if (delivery.kind === 'folder') await checkFolder(delivery.path);
}

async function copyInto(folder: string, file: { name: string; path: string }): Promise<string> {
  await checkFolder(folder);
  const place = join(folder, file.name);
  const draft = join(folder, `.${file.name}.part`);
  try {
    await copyFile(file.path, draft);
    await rename(draft, place);
  } catch (error) {
    await rm(draft, { force: true });
    throw folderError(error);
  }
  return place;
}

async function checkFolder(path: string): Promise<void> {
  try {
    if (!(await stat(path)).isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
    await access(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw folderError(error);
  }
}

const folderKinds: Record<string, ChannelErrorKind> = {
  ENOENT: 'not-found',
  ENOTDIR: 'not-found',
  EACCES: 'forbidden',
  EPERM: 'forbidden',
  EROFS: 'forbidden',
};

function folderError(error: unknown): ChannelError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'FOLDER';
  return new ChannelError(folderKinds[code] ?? 'unavailable', {
    code,
    sent: false,
    channelMessage: folderWords[code] ?? null,
  });
}

const folderWords: Record<string, string> = {
  ENOENT: '전달 폴더가 없습니다 / the delivery folder does not exist',
  ENOTDIR: '전달 폴더가 폴더가 아닙니다 / the delivery folder is no folder',
  EACCES: '전달 폴더에 쓸 수 없습니다 / the delivery folder cannot be written',
  EPERM: '전달 폴더에 쓸 수 없습니다 / the delivery folder cannot be written',
  EROFS: '전달 폴더에 쓸 수 없습니다 / the delivery folder cannot be written',
  ENOSPC: '디스크가 가득 찼습니다 / the disk is full',
};
