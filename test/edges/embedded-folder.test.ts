import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StoreUnavailableError } from '../../src/store/database.ts';
import { FolderInUseError, lockFolder, readHolder } from '../../src/store/folder-lock.ts';
import { openPglite } from '../../src/store/pglite.ts';
import { compileSources } from '../support/compiled-sources.ts';

let compiled: string;
let folder: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  compiled = await compileSources(['src/store/folder-lock.ts', 'src/store/pglite.ts']);
});
afterAll(() => rm(compiled, { recursive: true, force: true }));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'naru-folder-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** Runs a script in another process; gives what it prints line by line, and a way to kill it and see it gone. */
function otherProcess(script: string) {
  const imports = `import { lockFolder } from '${compiled}/src/store/folder-lock.js';
    import { openPglite } from '${compiled}/src/store/pglite.js';`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', `${imports}\n${script}`, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const gone = new Promise<number | null>((done) => child.once('exit', done));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    pid: child.pid ?? 0,
    line: async () => String((await lines.next()).value),
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
    gone,
  };
}

const holdForever = 'setInterval(() => undefined, 1000);';
const say = 'const say = (text) => process.stdout.write(text + "\\n");';

describe('the folder lock', () => {
  it('names the living holder to a second process, and frees the folder when the holder is killed', async () => {
    const holder = otherProcess(`${say} ${holdForever}
      const lock = await lockFolder(process.argv[1], { tokenFile: 'token' });
      await lock.update({ apiUrl: 'http://127.0.0.1:7000', tokenFile: 'token' }); say('held');`);
    expect(await holder.line()).toBe('held');
    const info = { pid: holder.pid, apiUrl: 'http://127.0.0.1:7000', tokenFile: 'token' };
    const refusal = await lockFolder(folder).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(FolderInUseError);
    expect(refusal).toMatchObject({ holder: info });
    expect((refusal as FolderInUseError).messageKo).toContain(String(holder.pid));
    expect(await readHolder(folder)).toEqual(info);
    await holder.kill();
    expect(await readHolder(folder)).toBeUndefined();
    const lock = await lockFolder(folder);
    expect(await readHolder(folder)).toEqual({ pid: process.pid });
    await lock.release();
    await lock.release();
    expect(await readHolder(folder)).toBeUndefined();
  });

  it('is kept from others by its mode and leaves at most two files', async () => {
    for (let round = 0; round < 4; round += 1) await (await lockFolder(folder)).release();
    const lock = await lockFolder(folder);
    const files = (await readdir(folder)).filter((name) => name.startsWith('naru.lock'));
    expect(files).toHaveLength(2);
    for (const file of files) expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
    await lock.release();
  });

  it('refuses the same process too', async () => {
    const lock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toThrow(FolderInUseError);
    await lock.release();
  });

  it('gives a dead folder to exactly one of many starters', async () => {
    const dead = otherProcess(`${say} ${holdForever} await lockFolder(process.argv[1]); say('held');`);
    await dead.line();
    await dead.kill();
    const starter = `${say} ${holdForever}
      say('ready');
      const at = ${Math.ceil(performance.timeOrigin + performance.now())} + 1500;
      while (performance.timeOrigin + performance.now() < at);
      const tries = await Promise.allSettled(Array.from({ length: 10 }, () => lockFolder(process.argv[1])));
      say(String(tries.filter((each) => each.status === 'fulfilled').length));`;
    const starters = Array.from({ length: 4 }, () => otherProcess(starter));
    for (const each of starters) expect(await each.line()).toBe('ready');
    const won = await Promise.all(starters.map(async (each) => Number(await each.line())));
    expect(won.reduce((sum, each) => sum + each, 0)).toBe(1);
  });

  it('decides by pid and start time where the folder holds no sockets', async () => {
    const deep = join(folder, 'x'.repeat(120));
    const lock = await lockFolder(deep);
    expect((await readdir(deep)).some((name) => name.endsWith('.sock'))).toBe(false);
    await expect(lockFolder(deep)).rejects.toThrow(FolderInUseError);
    const file = join(deep, 'naru.lock.1');
    const content: { started: string } = JSON.parse(await readFile(file, 'utf8'));
    // The same pid, started at another time: somebody else's process by now.
    await writeFile(file, JSON.stringify({ ...content, started: 'another-boot:1' }));
    await (await lockFolder(deep)).release();
    await lock.release();
  });

  it('does not keep its process alive', async () => {
    const passing = otherProcess('await lockFolder(process.argv[1]);');
    expect(await passing.gone).toBe(0);
    expect(await readHolder(folder)).toBeUndefined();
  });
});

describe('the embedded store', () => {
  it('keeps every committed transaction, and nothing else, when killed', async () => {
    const writer = otherProcess(`${say}
      const db = await openPglite({ folder: process.argv[1] });
      await db.query('CREATE TABLE IF NOT EXISTS public.kept (n int PRIMARY KEY)');
      for (let n = 1; ; n += 1) {
        await db.transaction(async (tx) => {
          await tx.query('INSERT INTO kept VALUES ($1)', [n * 2]);
          await tx.query('INSERT INTO kept VALUES ($1)', [n * 2 + 1]);
        });
        say(String(n));
      }`);
    let told = 0;
    while (told < 200) told = Number(await writer.line());
    await writer.kill();
    const database = await openPglite({ folder });
    const { rows } = await database.query<{ n: number; top: number }>('SELECT count(*) AS n, max(n) AS top FROM kept');
    expect(rows[0]?.n).toBeGreaterThanOrEqual(400);
    expect(rows[0]?.n).toBe((rows[0]?.top ?? 0) - 1);
    expect((rows[0]?.n ?? 1) % 2).toBe(0);
    await database.close();
  });

  it('starts again after a first start that was killed half-way', async () => {
    const starter = otherProcess(`${say}
      import { watch } from 'node:fs';
      watch(process.argv[1], () => say('begun'));
      await openPglite({ folder: process.argv[1] });`);
    await starter.line();
    await starter.kill();
    const database = await openPglite({ folder });
    expect((await database.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await database.close();
    expect(await readdir(folder)).toEqual(['database']);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, 'database'))).mode & 0o777).toBe(0o700);
  });

  it('tells in both languages that a folder cannot be used', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    for (const [path, code] of [
      [join(file, 'data'), 'ENOTDIR'],
      [file, 'EEXIST'],
    ] as const) {
      const failure = await openPglite({ folder: path }).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(StoreUnavailableError);
      expect(failure).toMatchObject({ code, place: path });
      expect((failure as StoreUnavailableError).messageKo).toContain(path);
      expect((failure as StoreUnavailableError).messageEn).toContain(path);
    }
  });
});
