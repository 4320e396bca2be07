import { createHash } from 'node:crypto';
import { connect, type NetConnectOpts } from 'node:net';
import { posix } from 'node:path';
import SftpClient from 'ssh2-sftp-client';
import { ChannelError, type ChannelErrorKind } from '../../src/channel/errors.ts';
import type { Delivery, ExportPortalContext } from './settings.ts';

type SftpDelivery = Extract<Delivery, { kind: 'sftp' }>;

const connectMs = 20_000;

/** Uploads under a temporary name, then renames: whoever watches the folder sees whole files only. Replaces. */
export async function uploadBySftp(
  context: ExportPortalContext,
  delivery: SftpDelivery,
  file: { name: string; path: string },
): Promise<string> {
  const place = posix.join(delivery.path, file.name);
  const draft = posix.join(delivery.path, `.${file.name}.part`);
  await withServer(context, delivery, async (server) => {
    // A folder that is not there is told as such; the upload itself would only say that it failed.
    await server.list(delivery.path, (entry) => entry.name === file.name);
    await server.fastPut(file.path, draft);
    await moveOver(server, draft, place);
  });
  return `sftp://${delivery.host}:${delivery.port}${place.startsWith('/') ? '' : '/'}${place}`;
}

/** Whether the server lets us in and the folder is there. */
export async function listSftpFolder(context: ExportPortalContext, delivery: SftpDelivery): Promise<void> {
  await withServer(context, delivery, async (server) => {
    await server.list(delivery.path);
  });
}

/** A rename onto an existing file is an extension of OpenSSH; elsewhere the old file goes first. */
async function moveOver(server: SftpClient, draft: string, place: string): Promise<void> {
  try {
    await server.posixRename(draft, place);
  } catch {
    // Not all servers know it, and they say so in different ways; if it is another fault, the plain way meets it again.
    await server.delete(place, true);
    await server.rename(draft, place);
  }
}

async function withServer(
  { credentials, signal }: ExportPortalContext,
  delivery: SftpDelivery,
  use: (server: SftpClient) => Promise<void>,
): Promise<void> {
  const { sftpPrivateKey: privateKey, sftpPassphrase: passphrase } = credentials;
  if (privateKey === undefined) {
    throw failure('unauthorized', 'key_missing', false, 'SFTP 개인키가 없습니다 / there is no SFTP private key');
  }
  signal.throwIfAborted();
  // The library writes to the console where it is given no listeners.
  const server = new SftpClient('naru', { error: () => {}, end: () => {}, close: () => {} });
  const met: Met = { isConnected: false, isOtherHost: false, level: null };
  server.on('error', (error: unknown) => {
    met.level ??= levelOf(error);
  });
  try {
    await server.connect({
      // A line of our own, because it ends with the signal whatever the library is waiting for.
      sock: connect({ host: delivery.host, port: delivery.port, signal } as NetConnectOpts),
      username: delivery.username,
      privateKey,
      ...(passphrase !== undefined && { passphrase }),
      readyTimeout: connectMs,
      hostVerifier: (key: Buffer) => {
        met.isOtherHost = fingerprint(key) !== delivery.hostKeySha256;
        return !met.isOtherHost;
      },
    });
    met.isConnected = true;
    await use(server);
  } catch (error) {
    throw signal.aborted ? failure('unavailable', 'ABORTED', met.isConnected, null) : errorOf(error, met);
  } finally {
    // The line may be gone already; what went wrong on it has been told above.
    await server.end().catch(() => false);
  }
}

/** What was learned before something failed: the library's errors say little of it. */
interface Met {
  isConnected: boolean;
  isOtherHost: boolean;
  level: string | null;
}

/** As `ssh-keygen -lf` prints it. */
function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The status codes of the SFTP protocol (draft-ietf-secsh-filexfer-02, section 7), and what the library makes of them. */
const transferKinds: Record<string, ChannelErrorKind> = {
  '2': 'not-found',
  ENOENT: 'not-found',
  ERR_BAD_PATH: 'not-found',
  '3': 'forbidden',
  EACCES: 'forbidden',
  '8': 'unsupported',
};

function errorOf(error: unknown, met: Met): ChannelError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'SFTP';
  if (met.isConnected) {
    const kind = transferKinds[code] ?? 'unavailable';
    return failure(kind, code, true, kind === 'not-found' ? folderMissing : null);
  }
  if (met.isOtherHost) return failure('unauthorized', 'host_key_differs', false, otherHost);
  if (met.level === 'client-authentication') return failure('unauthorized', 'key_refused', false, keyRefused);
  if (met.level === 'client-timeout') return failure('timeout', 'ETIMEDOUT', false, null);
  // Thrown before a line was opened: the key or its passphrase cannot be read.
  if (met.level === null && code === 'SFTP') return failure('unauthorized', 'key_unreadable', false, keyUnreadable);
  return failure('unavailable', code, false, null);
}

const folderMissing = '서버에 전달 폴더가 없습니다 / the folder does not exist on the server';
const otherHost =
  '서버의 지문이 설정(hostKeySha256)과 다릅니다. 서버 담당자에게 확인하십시오 / the fingerprint of the server is not the one in hostKeySha256; ask its operator';
const keyRefused = '서버가 개인키를 거절했습니다 / the server refused the private key';
const keyUnreadable = '개인키나 암호를 읽을 수 없습니다 / the private key or its passphrase cannot be read';

function levelOf(error: unknown): string | null {
  return error instanceof Error && 'level' in error ? String(error.level) : null;
}

function failure(kind: ChannelErrorKind, code: string, sent: boolean, channelMessage: string | null): ChannelError {
  return new ChannelError(kind, { code, sent, channelMessage });
}
