import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkDelivery, deliverFile } from '../../adapters/export-portal/deliver.ts';
import { type ExportPortalContext, settingsSchema } from '../../adapters/export-portal/settings.ts';
import type { ChannelHttp } from '../../src/channel/http.ts';
import { systemClock } from '../../src/runtime/clock.ts';

let scratch: string;
let file: { name: string; path: string };

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'naru-delivery-'));
  file = { name: 'EC21_2026-11-23_demo-b0007.zip', path: join(scratch, 'made.zip') };
});
afterAll(() => rm(scratch, { recursive: true, force: true }));
beforeEach(() => writeFile(file.path, 'the whole batch'));

const noHttp: ChannelHttp = {
  request: () => Promise.reject(new Error('this channel makes no calls over HTTP')),
} as ChannelHttp;

function contextOf(
  delivery: Record<string, unknown>,
  credentials: ExportPortalContext['credentials'] = {},
  signal: AbortSignal = new AbortController().signal,
): ExportPortalContext {
  const settings = settingsSchema.parse({ profile: 'ec21', delivery });
  return {
    account: { id: 'demo', settings },
    credentials,
    http: noHttp,
    clock: systemClock,
    log: pino({ level: 'silent' }),
    signal,
  };
}

describe('delivery of a batch to nobody', () => {
  it('leaves the file with the caller, and has nothing to check', async () => {
    expect(await deliverFile(contextOf({ kind: 'none' }), file)).toBeNull();
    await expect(checkDelivery(contextOf({ kind: 'none' }))).resolves.toBeUndefined();
  });
});

describe('delivery of a batch to a folder', () => {
  it('puts the file there under its name, and replaces it when it is done again', async () => {
    const path = await mkdtemp(join(scratch, 'out-'));
    const context = contextOf({ kind: 'folder', path });
    await checkDelivery(context);
    expect(await deliverFile(context, file)).toBe(join(path, file.name));
    await writeFile(file.path, 'the batch again');
    await deliverFile(context, file);
    expect(await readdir(path)).toEqual([file.name]);
    expect(await readFile(join(path, file.name), 'utf8')).toBe('the batch again');
  });

  it('leaves nothing half-made where the copy fails', async () => {
    const path = await mkdtemp(join(scratch, 'out-'));
    const gone = { name: file.name, path: join(scratch, 'never-made.zip') };
    await expect(deliverFile(contextOf({ kind: 'folder', path }), gone)).rejects.toMatchObject({
      name: 'ChannelError',
    });
    // A folder in the way of the name: the copy succeeds and the rename does not.
    await mkdir(join(path, file.name, 'inside'), { recursive: true });
    await expect(deliverFile(contextOf({ kind: 'folder', path }), file)).rejects.toMatchObject({
      name: 'ChannelError',
    });
    expect(await readdir(path)).toEqual([file.name]);
  });

  it.each([
    ['is not there', () => join(scratch, 'nowhere')],
    ['is a file', () => file.path],
  ])('says that the folder %s', async (_what, path) => {
    const context = contextOf({ kind: 'folder', path: path() });
    for (const attempt of [() => checkDelivery(context), () => deliverFile(context, file)]) {
      await expect(attempt()).rejects.toMatchObject({ name: 'ChannelError', kind: 'not-found', sent: false });
    }
  });
});

const sshd = '/usr/sbin/sshd';
const sftpServer = '/usr/lib/openssh/sftp-server';
const hasSshd = existsSync(sshd) && existsSync(sftpServer) && spawnSync('ssh-keygen', ['-V']).error === undefined;
if (!hasSshd) process.stdout.write('SKIPPED: delivery by SFTP, because OpenSSH (openssh-server) is not installed\n');

describe.skipIf(!hasSshd)('delivery of a batch by SFTP, to OpenSSH', () => {
  let server: ChildProcess;
  let port: number;
  let hostKeySha256: string;
  let folder: string;
  const keyFile = (name: string) => join(scratch, name);
  const keyOf = (name: string) => readFile(keyFile(name), 'utf8');

  beforeAll(async () => {
    for (const name of ['host', 'good', 'stranger']) makeKey(keyFile(name), '');
    makeKey(keyFile('locked'), 'open sesame');
    hostKeySha256 = fingerprintOf(keyFile('host'));
    await writeFile(keyFile('authorized'), [await keyOf('good.pub'), await keyOf('locked.pub')].join(''), {
      mode: 0o600,
    });
    port = await freePort();
    await writeFile(
      keyFile('config'),
      [
        `Port ${port}`,
        'ListenAddress 127.0.0.1',
        `HostKey ${keyFile('host')}`,
        `AuthorizedKeysFile ${keyFile('authorized')}`,
        `PidFile ${keyFile('pid')}`,
        `Subsystem sftp ${sftpServer}`,
        'PasswordAuthentication no',
        'KbdInteractiveAuthentication no',
        'PermitRootLogin prohibit-password',
        'StrictModes no',
        'UsePAM no',
        '',
      ].join('\n'),
    );
    // A folder that Debian's service would make when it starts.
    if (userInfo().uid === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
    server = spawn(sshd, ['-D', '-e', '-f', keyFile('config')], { stdio: ['ignore', 'ignore', 'pipe'] });
    await listening(server);
  });
  afterAll(async () => {
    if (!server || server.exitCode !== null) return;
    const ended = once(server, 'exit');
    server.kill();
    await ended;
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(scratch, 'in-'));
  });

  const delivery = (change: Record<string, unknown> = {}) => ({
    kind: 'sftp',
    host: '127.0.0.1',
    port,
    username: userInfo().username,
    path: folder,
    hostKeySha256,
    ...change,
  });
  const connected = async (
    change: Record<string, unknown> = {},
    key = 'good',
    rest: { sftpPassphrase?: string } = {},
  ) => contextOf(delivery(change), { sftpPrivateKey: await keyOf(key), ...rest });

  it('uploads the file under its name, replaces it, and leaves nothing else behind', async () => {
    const context = await connected();
    await checkDelivery(context);
    expect(await deliverFile(context, file)).toBe(`sftp://127.0.0.1:${port}${folder}/${file.name}`);
    await writeFile(file.path, Buffer.alloc(3_000_000, 'again '));
    await deliverFile(context, file);
    expect(await readdir(folder)).toEqual([file.name]);
    expect((await readFile(join(folder, file.name))).equals(await readFile(file.path))).toBe(true);
  });

  it('opens a key with its passphrase', async () => {
    const context = await connected({}, 'locked', { sftpPassphrase: 'open sesame' });
    await expect(checkDelivery(context)).resolves.toBeUndefined();
  });

  const refusals: [string, () => Promise<ExportPortalContext>, object][] = [
    [
      'a key that the server does not know',
      () => connected({}, 'stranger'),
      { kind: 'unauthorized', code: 'key_refused' },
    ],
    ['no key', async () => contextOf(delivery()), { kind: 'unauthorized', code: 'key_missing' }],
    ['a key without its passphrase', () => connected({}, 'locked'), { kind: 'unauthorized', code: 'key_unreadable' }],
    [
      'a wrong passphrase',
      () => connected({}, 'locked', { sftpPassphrase: 'wrong' }),
      { kind: 'unauthorized', code: 'key_unreadable' },
    ],
    [
      'a key that is none',
      async () => contextOf(delivery(), { sftpPrivateKey: 'not a key' }),
      { kind: 'unauthorized', code: 'key_unreadable' },
    ],
    [
      'another server than agreed',
      () => connected({ hostKeySha256: fingerprintOf(keyFile('good')) }),
      { kind: 'unauthorized', code: 'host_key_differs' },
    ],
    ['no server', async () => connected({ port: await freePort() }), { kind: 'unavailable', code: 'ECONNREFUSED' }],
  ];
  it.each(refusals)('says so: %s', async (_what, context, expected) => {
    const given = await context();
    for (const attempt of [() => checkDelivery(given), () => deliverFile(given, file)]) {
      const error = await attempt().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: 'ChannelError', sent: false, ...expected });
      expect(JSON.stringify(error) + String(error)).not.toMatch(/PRIVATE KEY|sesame|wrong/);
    }
    expect(await readdir(folder)).toEqual([]);
  });

  it('says that the folder is not there', async () => {
    const missing = { name: 'ChannelError', kind: 'not-found', sent: true };
    await expect(checkDelivery(await connected({ path: join(folder, 'nowhere') }))).rejects.toMatchObject(missing);
    await expect(deliverFile(await connected({ path: join(folder, 'nowhere') }), file)).rejects.toMatchObject(missing);
  });

  it.skipIf(userInfo().uid === 0)('says that the folder may not be written', async () => {
    await chmod(folder, 0o500);
    await expect(deliverFile(await connected(), file)).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it('ends with the signal', async () => {
    const context = await connected();
    const stop = new AbortController();
    const attempt = deliverFile({ ...context, signal: stop.signal }, file);
    stop.abort();
    await expect(attempt).rejects.toMatchObject({ name: 'ChannelError', kind: 'unavailable', code: 'ABORTED' });
    expect(await readdir(folder)).toEqual([]);
  });
});

function makeKey(path: string, passphrase: string): void {
  const made = spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-C', 'test', '-f', path]);
  if (made.status !== 0) throw new Error(`ssh-keygen failed: ${made.stderr}`);
}

/** As OpenSSH's own program prints it: a second opinion on what the adapter computes. */
function fingerprintOf(path: string): string {
  const shown = spawnSync('ssh-keygen', ['-l', '-E', 'sha256', '-f', `${path}.pub`], { encoding: 'utf8' }).stdout;
  const found = /SHA256:\S+/.exec(shown)?.[0];
  if (!found) throw new Error(`no fingerprint in ${shown}`);
  return found;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Resolves when the server says that it listens, rejects with its words when it ends before. */
function listening(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stderr?.on('data', (piece: Buffer) => {
      said += piece.toString();
      if (said.includes('Server listening on')) resolve();
    });
    server.once('error', reject);
    server.once('exit', () => reject(new Error(`sshd ended: ${said}`)));
  });
}
