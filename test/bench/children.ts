/** The processes that are measured, and the marketplace they talk to, each on its own. */

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SandboxLedger } from '../../src/channel/sandbox.ts';

/** The day on which everything here happens: the certificates of the demo catalogue stand then. */
export const benchStart = new Date('2026-11-23T10:00:00+09:00');

const compiled = fileURLToPath(new URL('../..', import.meta.url));
const program = join(compiled, 'src', 'cli.js');
const memoryReport = new URL('peak-memory.js', import.meta.url).href;

export type Environment = Record<string, string>;

export interface Measured {
  exitCode: number | null;
  stdout: string;
  stderr: string;
  /** From the start of the process to its end. */
  wallMs: number;
  peakBytes: number;
}

/** Runs `naru ARGS…` as a person would, with a watch in hand. */
export async function measureProgram(args: readonly string[], env: Environment): Promise<Measured> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['--import', memoryReport, program, ...args], {
    env: environmentOf(env),
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const texts = ['', '', '', ''];
  for (const number of [1, 2, 3]) {
    child.stdio[number]?.on('data', (piece: Buffer) => {
      texts[number] += piece.toString();
    });
  }
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const wallMs = performance.now() - startedAt;
  return { exitCode, stdout: texts[1] ?? '', stderr: texts[2] ?? '', wallMs, peakBytes: Number(texts[3]) * 1024 };
}

export interface SandboxProcess {
  url: string;
  /** The account file that the sandbox accepts. */
  account: { settings: Record<string, unknown>; credentials: Record<string, unknown> };
  ledger(): Promise<SandboxLedger>;
  close(): Promise<void>;
}

/** Starts the sandbox of a channel in a process of its own, so that it takes no time from the one that is measured. */
export async function startSandbox(adapterId: string): Promise<SandboxProcess> {
  const child = spawn(process.execPath, [program, 'sandbox', adapterId, '--json'], {
    env: environmentOf({ NARU_NOW: benchStart.toISOString() }),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (piece: Buffer) => {
      text += piece.toString();
      if (text.includes('\n')) resolve(text);
    });
    child.once('exit', (code) => reject(new Error(`the sandbox ended with ${code}`)));
  });
  const { url, account }: Pick<SandboxProcess, 'url' | 'account'> = JSON.parse(line);
  return {
    url,
    account,
    ledger: async () => (await fetch(`${url}/_ledger`)).json() as Promise<SandboxLedger>,
    close: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await ended;
    },
  };
}

/** Nothing of the environment here but what any program needs. */
function environmentOf(env: Environment): Environment {
  return { PATH: process.env.PATH ?? '', TZ: 'UTC', ...env };
}
