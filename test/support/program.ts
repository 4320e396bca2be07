/** Naru as people run it: compiled once, started as child processes with an environment of their own. */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../src/runtime/package-files.ts';

/** After so long a child is taken for hung. Generous: how fast a machine is must not decide what a test says. */
const hungAfterMs = 600_000;

/** What a child printed and how it ended. */
export interface Ended {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  process: ChildProcess;
  /** Resolves when the child has ended and its pipes are empty. */
  ended: Promise<Ended>;
  /** Resolves when stdout or stderr has shown the text; rejects when the child ends before. */
  shown(text: string): Promise<void>;
}

export type Environment = Record<string, string>;

export interface Program {
  /** The script that `node` is given, for tests that start it in their own way. */
  script: string;
  /** Starts `naru ARGS…` and leaves it running. */
  start(args: readonly string[], env: Environment): Running;
  /** Runs `naru ARGS…` to its end; kills it and throws when it hangs. */
  run(args: readonly string[], env: Environment): Promise<Ended>;
  /** An empty folder that is removed with the program. */
  folder(): Promise<string>;
  /** A data folder that has been opened once and holds nothing yet: a copy, since making one takes seconds. */
  dataFolder(): Promise<string>;
  /** Kills what still runs and removes everything that was made. */
  close(): Promise<void>;
}

/** Compiles the program into a folder of its own. It lies inside the package so that imports of packages resolve. */
export async function compileProgram(): Promise<Program> {
  const root = packageRoot();
  const out = await mkdtemp(join(root, 'node_modules', '.naru-program-'));
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  // Types are the type check's business; half a second instead of several.
  const args = [
    compiler,
    '-p',
    join(root, 'tsconfig.build.json'),
    '--noCheck',
    '--sourceMap',
    'false',
    '--outDir',
    out,
  ];
  await promisify(execFile)(process.execPath, args, { cwd: root });
  const running = new Set<Running>();
  const folders = [out];

  const script = join(out, 'src', 'cli.js');
  const folder = async (): Promise<string> => {
    const made = await mkdtemp(join(tmpdir(), 'naru-e2e-'));
    folders.push(made);
    return made;
  };
  let template: Promise<string> | undefined;
  const makeTemplate = async (): Promise<string> => {
    const data = join(await folder(), 'data');
    const ended = await run(['accounts', 'list'], { NARU_DATA_DIR: data });
    if (ended.exitCode !== 0) throw new Error(`no data folder could be made\n${told(ended)}`);
    return data;
  };
  const start: Program['start'] = (given, env) => {
    const child = startChild(script, given, env);
    running.add(child);
    void child.ended.then(() => running.delete(child));
    return child;
  };
  const run: Program['run'] = async (given, env) => {
    const child = start(given, env);
    const timer = setTimeout(() => child.process.kill('SIGKILL'), hungAfterMs);
    const ended = await child.ended.finally(() => clearTimeout(timer));
    if (ended.signal === 'SIGKILL')
      throw new Error(`naru ${given.join(' ')} did not end in ${hungAfterMs} ms\n${told(ended)}`);
    return ended;
  };
  return {
    script,
    start,
    run,
    folder,
    dataFolder: async () => {
      template ??= makeTemplate();
      const data = join(await folder(), 'data');
      await cp(await template, data, { recursive: true });
      return data;
    },
    close: async () => {
      const left = [...running];
      for (const child of left) child.process.kill('SIGKILL');
      await Promise.all(left.map((child) => child.ended));
      await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
    },
  };
}

function startChild(script: string, args: readonly string[], env: Environment): Running {
  // Nothing of the environment of the tests but what any program needs.
  const base = { PATH: process.env.PATH ?? '', HOME: tmpdir(), TZ: 'UTC' };
  const child = spawn(process.execPath, [script, ...args], {
    env: { ...base, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (piece: string) => {
      text[name] += piece;
      for (const watch of watchers) watch();
    });
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal, ...text }));
  });
  return {
    process: child,
    ended,
    shown: (wanted) =>
      new Promise((resolve, reject) => {
        const watch = (): void => {
          if (!text.stdout.includes(wanted) && !text.stderr.includes(wanted)) return;
          watchers.delete(watch);
          resolve();
        };
        watchers.add(watch);
        watch();
        void ended.then((end) => reject(new Error(`ended without showing "${wanted}"\n${told(end)}`)));
      }),
  };
}

/** For the message of a failed test. */
export function told({ exitCode, signal, stdout, stderr }: Ended): string {
  return `exit ${exitCode ?? signal}\n--- stdout\n${stdout}\n--- stderr\n${stderr}`;
}

/** The one JSON object that `--json` promises; throws when stdout holds anything else. */
export function answerOf<Answer = Record<string, unknown>>(ended: Ended): Answer {
  const lines = ended.stdout.split('\n').filter((line) => line !== '');
  if (lines.length !== 1) throw new Error(`expected one line of JSON\n${told(ended)}`);
  return JSON.parse(lines[0] ?? '') as Answer;
}
