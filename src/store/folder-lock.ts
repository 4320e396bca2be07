import { randomBytes } from 'node:crypto';
import { link, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { makeFolder } from './data-folder.ts';
import { errorCode } from './database.ts';

// How it works, and why. An embedded database opened twice destroys itself, and Node has no flock. A pid in a file is
// not enough: pids are used again, and inside a container nearly every service has the same one. So the holder listens
// on a Unix socket inside the folder: the kernel answers for a living holder, even a busy or stopped one and even from
// another container that shares the folder, and refuses for a dead one, however it died.
//
// The socket alone has a race (two starters find a dead one, both remove it, the second removes the first one's new
// socket), so who holds is said by numbered files naru.lock.N that are made complete and put in place by link(2), which
// fails when the name exists. The highest number counts. A dead or released N is never removed by the one who follows:
// he makes N+1, and only one can. Files below N go; N itself stays as the memory that keeps a slow starter from N again.

const holderSchema = z.object({
  pid: z.number().int(),
  apiUrl: z.string().optional(),
  tokenFile: z.string().optional(),
});

/** What a holder tells others: its process, and where to talk to it. Paths and addresses only, never a secret. */
type HolderInfo = z.infer<typeof holderSchema>;

const lockSchema = z.object({
  holder: holderSchema,
  /** Socket file in the folder; null where sockets cannot be made there, then pid and start time decide. */
  socket: z.string().nullable(),
  started: z.string().nullable(),
  released: z.boolean(),
});
type LockFile = z.infer<typeof lockSchema>;

/** Another process holds the folder. `holder` says which, and where it can be talked to. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError';
  readonly folder: string;
  readonly holder: HolderInfo;
  readonly messageKo: string;
  readonly messageEn: string;

  constructor(folder: string, holder: HolderInfo) {
    const messageEn = `The data folder ${folder} is in use by process ${holder.pid}${holder.apiUrl ? ` (${holder.apiUrl})` : ''}. Use that service, or stop it first.`;
    super(messageEn);
    this.folder = folder;
    this.holder = holder;
    this.messageEn = messageEn;
    this.messageKo = `데이터 폴더(${folder})를 프로세스 ${holder.pid}${holder.apiUrl ? ` (${holder.apiUrl})` : ''}이(가) 쓰고 있습니다. 그 서비스를 쓰거나 먼저 멈추세요.`;
  }
}

export interface FolderLock {
  /** Replaces what the others read, for instance once the API listens. */
  update(info: Omit<HolderInfo, 'pid'>): Promise<void>;
  /** Gives the folder back; a second call does nothing. */
  release(): Promise<void>;
}

/**
 * Takes the folder for this process; makes the folder (0700) when it is missing.
 * @throws FolderInUseError when a living process, this one included, holds it.
 */
export async function lockFolder(folderPath: string, info: Omit<HolderInfo, 'pid'> = {}): Promise<FolderLock> {
  const folder = resolve(folderPath);
  await makeFolder(folder);
  const socket = await listenInside(folder);
  const mine: LockFile = {
    holder: { pid: process.pid, ...info },
    socket: socket?.name ?? null,
    started: await startOf(process.pid),
    released: false,
  };
  try {
    const file = await claim(folder, mine);
    let held = true;
    return {
      update: async (next) => {
        if (!held) throw new Error('the folder lock was already released');
        mine.holder = { pid: process.pid, ...next };
        await replace(file, mine);
      },
      release: async () => {
        if (!held) return;
        held = false;
        try {
          await replace(file, { ...mine, released: true });
        } finally {
          // Without the note, on a full disk for instance, the closed socket still says that nobody holds the folder.
          await socket?.close();
        }
      },
    };
  } catch (error) {
    await socket?.close();
    throw error;
  }
}

/** Who holds the folder now, or undefined when nobody alive does (also when the folder does not exist). */
export async function readHolder(folderPath: string): Promise<HolderInfo | undefined> {
  const folder = resolve(folderPath);
  const top = await newest(folder);
  return top && (await isAlive(folder, top.content)) ? top.content.holder : undefined;
}

async function claim(folder: string, mine: LockFile): Promise<string> {
  for (;;) {
    const top = await newest(folder);
    if (top && (await isAlive(folder, top.content))) throw new FolderInUseError(folder, top.content.holder);
    const number = (top?.number ?? 0) + 1;
    const file = lockPath(folder, number);
    if (!(await place(file, mine))) continue;
    // A starter slow enough to miss two whole generations may have made a number that was already cleaned away.
    const highest = Math.max(...(await lockNumbers(folder)));
    if (highest > number) {
      await rm(file, { force: true });
      continue;
    }
    await sweep(folder, number, top?.content.socket ?? null);
    return file;
  }
}

async function newest(folder: string): Promise<{ number: number; content: LockFile } | undefined> {
  for (;;) {
    const number = Math.max(0, ...(await lockNumbers(folder)));
    if (number === 0) return undefined;
    try {
      const content = lockSchema.parse(JSON.parse(await readFile(lockPath(folder, number), 'utf8')));
      return { number, content };
    } catch (error) {
      // Swept away since it was listed: somebody made a higher one, so look again.
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }
}

async function lockNumbers(folder: string): Promise<number[]> {
  try {
    return (await readdir(folder)).flatMap((name) => {
      const [, digits] = /^naru\.lock\.(\d+)$/.exec(name) ?? [];
      return digits ? [Number(digits)] : [];
    });
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

function lockPath(folder: string, number: number): string {
  return join(folder, `naru.lock.${number}`);
}

/** Puts a complete lock file in place unless the name is taken; false when it is. */
async function place(file: string, content: LockFile): Promise<boolean> {
  const draft = await writeDraft(file, content);
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function replace(file: string, content: LockFile): Promise<void> {
  await rename(await writeDraft(file, content), file);
}

async function writeDraft(file: string, content: LockFile): Promise<string> {
  const draft = `${file}.${randomBytes(6).toString('hex')}.draft`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(JSON.stringify(content));
    // A power cut must not leave an empty lock file that nobody can read.
    await handle.sync();
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  return draft;
}

/** Removes what holders before the last one left behind. Drafts of starters that are at work now are not touched. */
async function sweep(folder: string, number: number, deadSocket: string | null): Promise<void> {
  const older = (await lockNumbers(folder)).filter((each) => each < number - 1);
  await Promise.all(older.map((each) => rm(lockPath(folder, each), { force: true })));
  if (deadSocket) await rm(join(folder, deadSocket), { force: true });
}

async function isAlive(folder: string, lock: LockFile): Promise<boolean> {
  if (lock.released) return false;
  if (lock.socket) return answers(join(folder, lock.socket));
  return isRunning(lock.holder.pid) && (await startOf(lock.holder.pid)) === lock.started;
}

/** True when a process listens on the socket. Only a refusal or a missing file proves the opposite. */
function answers(path: string): Promise<boolean> {
  return new Promise((done) => {
    const probe = connect({ path });
    const finish = (alive: boolean): void => {
      probe.destroy();
      done(alive);
    };
    probe.once('connect', () => finish(true));
    // Anything else (no permission, a full backlog) may hide a living holder; opening twice would cost the data.
    probe.once('error', (error) => finish(!['ECONNREFUSED', 'ENOENT'].includes(errorCode(error) ?? '')));
  });
}

// Linux allows 107 bytes for a socket's path, macOS 103; a longer one would be cut off silently and meet a stranger's.
const SOCKET_PATH_BYTES = 100;

async function listenInside(folder: string): Promise<{ name: string; close: () => Promise<void> } | undefined> {
  const name = `naru-${randomBytes(6).toString('hex')}.sock`;
  const path = join(folder, name);
  if (process.platform === 'win32' || Buffer.byteLength(path) > SOCKET_PATH_BYTES) return undefined;
  const server = createServer((guest) => guest.destroy());
  try {
    await listening(server, path);
  } catch (error) {
    // Some shared and network folders hold no sockets. Every other failure is the folder's and must be told.
    if (['ENOTSUP', 'EOPNOTSUPP', 'EPERM', 'EINVAL'].includes(errorCode(error) ?? '')) return undefined;
    throw error;
  }
  server.unref();
  return { name, close: () => new Promise((done) => server.close(() => done())) };
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((done, failed) => {
    server.once('error', failed);
    server.listen({ path }, done);
  });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** Boot id and start tick of a process: together never used again. Null where /proc does not tell. */
async function startOf(pid: number): Promise<string | null> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    const fields = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field, the command in brackets, may hold blanks: count from behind it. Field 22 is the start tick.
    const tick = fields.slice(fields.lastIndexOf(')') + 2).split(' ')[19];
    return `${boot.trim()}:${tick}`;
  } catch (error) {
    if (['ENOENT', 'EACCES', 'ESRCH'].includes(errorCode(error) ?? '')) return null;
    throw error;
  }
}
