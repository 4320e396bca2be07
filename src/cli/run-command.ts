import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import axios from 'axios';
import { z } from 'zod';
import { type App, createApp } from '../app.ts';
import { type Config, loadConfig, processEnvironment } from '../config.ts';
import { fieldFaults } from '../domain/field-faults.ts';
import { PeopleError } from '../domain/people-error.ts';
import { findUnstorable } from '../domain/text-safety.ts';
import { createServer, type RunCommand } from '../http/server.ts';
import { createLogger } from '../runtime/logger.ts';
import { errorCode } from '../store/database.ts';
import { FolderInUseError } from '../store/folder-lock.ts';
import type { Command, CommandTools } from './command.ts';
import { commandsByName } from './commands/index.ts';
import type { Entry } from './entry.ts';
import { createProgress } from './output.ts';

/**
 * Runs one command: in this process, or, when a service holds the embedded data folder, in that service. Returns the
 * answer and the exit code; throws errors for people.
 */
export async function runCommand<Input, Answer extends object>(
  entry: Entry,
  command: Command<Input, Answer>,
  input: unknown,
  options: { json: boolean },
): Promise<{ answer: Answer; exitCode: number }> {
  const config = loadConfig(processEnvironment());
  const parsed = parseInput(command, input);
  const log = createLogger({ level: quietLevel(config), terminal: process.stderr.isTTY === true });
  let app: App;
  try {
    app = await createApp({ config, registry: entry.registry, log });
  } catch (error) {
    if (error instanceof FolderInUseError) return askService(error, command, parsed);
    throw error;
  }
  const { progress, stop } = createProgress(process.stderr.isTTY === true && !options.json);
  const stopSignals = closeOnSignals(app);
  try {
    const tools: CommandTools = { progress, startWork: () => startWork(entry, app) };
    const answer = await command.run(app, parsed, tools);
    stop();
    await app.close();
    return { answer, exitCode: command.failed?.(answer) ? 1 : 0 };
  } catch (error) {
    stop();
    // What went wrong first is told; that the rest could not be closed either is only its consequence.
    await app.close().catch((reason: unknown) => log.debug({ err: reason }, 'not everything could be closed'));
    throw error;
  } finally {
    stopSignals();
  }
}

/** One-shot commands say what they have to say in their answer; their log is for what went wrong, unless asked for. */
function quietLevel(config: Config): string {
  return config.logLevel === 'info' ? 'warn' : config.logLevel;
}

function parseInput<Input, Answer extends object>(command: Command<Input, Answer>, input: unknown): Input {
  const broken = findUnstorable(input);
  if (broken) throw unstorable(command.name, broken);
  const parsed = command.input.safeParse(input);
  if (parsed.success) return parsed.data;
  const places = fieldFaults(command.input, input);
  throw new PeopleError(
    'input_invalid',
    `${command.name}에 준 값을 쓸 수 없습니다: ${places.ko}. \`naru ${command.name} --help\`를 보십시오.`,
    `The input of ${command.name} cannot be used: ${places.en}. See \`naru ${command.name} --help\`.`,
  );
}

function unstorable(name: string, { place, characters }: { place: string; characters: string[] }): PeopleError {
  const signs = characters.join(', ');
  return new PeopleError(
    'input_unstorable',
    `${name}에 준 값 중 ${place || '(값)'}에 저장할 수 없는 문자(${signs})가 있습니다. 그 문자를 지우고 다시 실행해 주십시오.`,
    `The input of ${name} holds characters that cannot be stored (${signs}) at ${place || '(value)'}. Remove them and run it again.`,
  );
}

/** Workers for the accounts and the door for images, in this process, until the command ends. */
async function startWork(entry: Entry, app: App): Promise<void> {
  await listenForImages(entry, app);
  await entry.startWorkers(app, { core: false });
}

/**
 * Channels fetch images from the public address. When it is this machine, this process answers there itself; if the
 * port is taken by another program, any free port will do, because listings are compared without the address.
 */
async function listenForImages(entry: Entry, app: App): Promise<void> {
  if (app.config.publicUrl) return;
  const token = randomBytes(24).toString('base64url');
  const server = createServer({ app, token, runCommand: serviceCommands(entry, app) });
  app.onClose(() => server.close());
  try {
    await server.listen({ host: '127.0.0.1', port: app.config.port });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    const address = await server.listen({ host: '127.0.0.1', port: 0 });
    app.deps.publicUrl = address;
  }
}

/** Runs commands for CLIs beside this process; the same code, so the same answers. */
export function serviceCommands(_entry: Entry, app: App): RunCommand {
  return async (name, input) => {
    const command = commandsByName.get(name);
    if (!command)
      throw new PeopleError('command_unknown', `명령 ${name}이(가) 없습니다.`, `There is no command ${name}.`);
    const parsed = parseInput(command, input);
    // Workers and images are there already: this is the service.
    const tools: CommandTools = { progress: () => undefined, startWork: () => Promise.resolve() };
    const answer = await command.run(app, parsed as never, tools);
    return { answer, exitCode: command.failed?.(answer as never) ? 1 : 0 };
  };
}

/** Writes the token a CLI on this machine needs, readable by this user only, and tells where in the lock. */
export async function publishService(app: App, apiUrl: string, token: string): Promise<void> {
  if (!app.folderLock) return;
  const tokenFile = join(app.config.dataDir, 'api.token');
  await writeFile(tokenFile, `${token}\n`, { mode: 0o600 });
  await app.folderLock.update({ apiUrl, tokenFile });
}

async function askService<Answer extends object>(
  inUse: FolderInUseError,
  command: Command<never, Answer> | Command<unknown, Answer> | { name: string },
  input: unknown,
): Promise<{ answer: Answer; exitCode: number }> {
  const { apiUrl, tokenFile, pid } = inUse.holder;
  if (!apiUrl || !tokenFile) {
    throw new PeopleError(
      'folder_in_use',
      `데이터 폴더 ${inUse.folder}을(를) 다른 naru 명령(프로세스 ${pid})이 쓰고 있습니다. 그 명령이 끝난 뒤 다시 실행해 주십시오.`,
      `The data folder ${inUse.folder} is in use by another naru command (process ${pid}). Run this again when it has ended.`,
    );
  }
  const unreachable = () =>
    new PeopleError(
      'service_unreachable',
      `데이터 폴더 ${inUse.folder}을(를) 쓰는 서비스(프로세스 ${pid})가 ${apiUrl}에서 답하지 않아 ${command.name}을(를) 실행하지 못했습니다. 시작하거나 멈추는 중이면 잠시 뒤 다시 실행하고, 계속되면 서비스를 다시 시작해 주십시오.`,
      `${command.name} was not run: the service that holds the data folder ${inUse.folder} (process ${pid}) does not answer at ${apiUrl}. If it is just starting or stopping run this again in a moment; if it stays so, restart the service.`,
    );
  try {
    const token = (await readFile(tokenFile, 'utf8')).trim();
    const response = await axios.post<unknown>(`${apiUrl}/commands/${encodeURIComponent(command.name)}`, input, {
      headers: { authorization: `Bearer ${token}` },
      validateStatus: () => true,
      maxBodyLength: 10_000_000,
      // It is on this machine; the proxy of the environment, for the world outside, cannot reach it.
      proxy: false,
    });
    const answer = serviceAnswerSchema.safeParse(response.data);
    // Something else answers there, as after a kill when the port went to another program.
    if (!answer.success) throw unreachable();
    if ('answer' in answer.data) return answer.data as { answer: Answer; exitCode: number };
    const { code, message_ko: ko, message_en: en } = answer.data.error;
    throw new PeopleError(code, ko, en);
  } catch (error) {
    if (axios.isAxiosError(error) || errorCode(error) === 'ENOENT') throw unreachable();
    throw error;
  }
}

const serviceAnswerSchema = z.union([
  z.object({ answer: z.looseObject({}), exitCode: z.int() }),
  z.object({ error: z.object({ code: z.string(), message_ko: z.string(), message_en: z.string() }) }),
]);

/** Ctrl-C and a service manager's stop end the process in order, within the grace of the queue. */
function closeOnSignals(app: App): () => void {
  const stop = () => {
    void app.close().then(
      () => process.exit(130),
      () => process.exit(1),
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  return () => {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  };
}
