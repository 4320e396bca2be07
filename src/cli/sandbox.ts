import { readFile, stat } from 'node:fs/promises';
import axios from 'axios';
import { loadConfig, processEnvironment } from '../config.ts';
import { PeopleError } from '../domain/people-error.ts';
import { createOffsetClock, systemClock } from '../runtime/clock.ts';
import type { Entry } from './entry.ts';

/** `naru sandbox ADAPTER [--port N] [--faults FILE]`: runs until it is stopped. */
export async function runSandbox(
  entry: Entry,
  adapterId: string,
  options: { port: number; faultsFile: string | null; json: boolean },
): Promise<void> {
  const start = await entry.loadSandbox(adapterId);
  if (!start) {
    throw new PeopleError(
      'sandbox_unknown',
      `${adapterId}의 샌드박스가 없습니다. 쓸 수 있는 것: ${entry.sandboxIds.join(', ')}.`,
      `There is no sandbox for ${adapterId}. Available: ${entry.sandboxIds.join(', ')}.`,
    );
  }
  const { port } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new PeopleError(
      'port_invalid',
      '--port에는 0에서 65535까지의 정수를 적어 주십시오. 0이면 빈 포트를 고릅니다.',
      '--port takes a whole number from 0 to 65535; 0 picks a free port.',
    );
  }
  const { startAt } = loadConfig(processEnvironment());
  const clock = startAt ? createOffsetClock(startAt) : systemClock;
  const faults = options.faultsFile ? await readJsonFile(options.faultsFile) : null;
  const sandbox = await start({ now: () => clock.now().getTime(), port }).catch((error: unknown) => {
    throw portInUse(error, port) ?? error;
  });
  try {
    if (faults !== null) await makeTrouble(sandbox.url, faults, options.faultsFile ?? '');
  } catch (error) {
    await sandbox.close();
    throw error;
  }
  // Before the address is shown: whoever reads it may stop the sandbox at once.
  const stopped = new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  const answer = { url: sandbox.url, ledger: `${sandbox.url}/_ledger`, account: sandbox.accountConfig() };
  process.stdout.write(
    options.json
      ? `${JSON.stringify(answer)}\n`
      : `${adapterId} 샌드박스 / sandbox: ${sandbox.url}\n장부 / ledger: ${answer.ledger}\n계정 파일 / account FILE for \`naru accounts add\`:\n${JSON.stringify(answer.account, null, 2)}\n`,
  );
  await stopped;
  await sandbox.close();
}

function portInUse(error: unknown, port: number): PeopleError | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return null;
  return new PeopleError(
    'port_in_use',
    `포트 ${port}을(를) 다른 프로그램이 쓰고 있거나 쓸 권한이 없습니다. --port에 다른 번호를 적거나 0을 적어 주십시오.`,
    `Port ${port} is in use by another program or may not be used. Give another --port, or 0 for a free one.`,
  );
}

/** Hands the faults to the sandbox's own control path, which knows what it can do and refuses the rest. */
async function makeTrouble(url: string, faults: unknown, path: string): Promise<void> {
  const { status, data } = await axios.post<unknown>(`${url}/_faults`, faults, { validateStatus: () => true });
  if (status < 400) return;
  const said = JSON.stringify(data).slice(0, 500);
  throw new PeopleError(
    'faults_invalid',
    `고장 설정 파일 ${path}을(를) 샌드박스가 받지 않습니다. 다음 내용을 보고 고쳐 주십시오: ${said}`,
    `The sandbox does not take the faults in ${path}. Correct them by what it says: ${said}`,
  );
}

/** What a service takes in one request; an account, a campaign or mappings that staff wrote are far below it. */
const maxJsonBytes = 10_000_000;

function fileTooLarge(path: string): PeopleError {
  return new PeopleError(
    'file_too_large',
    `파일 ${path}이(가) 10MB를 넘습니다. 맞는 파일을 골랐는지 확인해 주십시오.`,
    `The file ${path} is larger than 10 MB. Check that it is the right file.`,
  );
}

/** A JSON file that a person gave. Throws PeopleError naming the file when it is missing, too large or no JSON. */
export async function readJsonFile(path: string): Promise<unknown> {
  let text: string;
  try {
    if ((await stat(path)).size > maxJsonBytes) throw fileTooLarge(path);
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof PeopleError) throw error;
    throw new PeopleError(
      'file_missing',
      `파일 ${path}을(를) 읽을 수 없습니다. 경로와 권한을 확인해 주십시오.`,
      `The file ${path} cannot be read. Check its path and permissions.`,
    );
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    // The parser's message may repeat a piece of the file, which may be a key; only the place is told.
    const [, place] = /(position \d+|line \d+ column \d+)/.exec(error instanceof Error ? error.message : '') ?? [];
    throw new PeopleError(
      'json_syntax',
      `파일 ${path}은(는) 올바른 JSON이 아닙니다${place ? ` (${place})` : ''}. 쉼표와 따옴표를 확인해 주십시오.`,
      `The file ${path} is not valid JSON${place ? ` (${place})` : ''}. Check commas and quotes.`,
    );
  }
}
