import { writeFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockFolder } from '../../src/store/folder-lock.ts';
import { freePort } from '../support/free-port.ts';
import { answerOf, compileProgram, type Environment, type Program, told } from '../support/program.ts';

/** Commands find the service that holds the data folder wherever it listens, and say so where it does not answer. */

const TOKEN = 'a-token-of-sixteen-or-more';
const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));
let program: Program;
beforeAll(async () => {
  program = await compileProgram();
});
afterAll(() => program?.close());

async function freshFolder(): Promise<Environment> {
  return { NARU_DATA_DIR: join(await program.folder(), 'data') };
}

describe('a command beside a service', () => {
  it.each([
    ['one address of this machine', { NARU_HOST: '127.0.0.2', NARU_API_TOKEN: TOKEN }, true],
    ['the other loopback', { NARU_HOST: '::1' }, hasIpv6],
    ['every address', { NARU_HOST: '0.0.0.0', NARU_API_TOKEN: TOKEN }, true],
    ['a name', { NARU_HOST: 'localhost' }, true],
    ['a port of its own choice', { NARU_PORT: '0' }, true],
  ])('reaches it at %s', async (_name, place, possible) => {
    if (!possible) return;
    const env = { ...(await freshFolder()), NARU_PORT: String(await freePort()), ...place };
    const service = program.start(['start'], env);
    await service.shown('naru is running');
    // The proxy of an office is for the world outside.
    const ended = await program.run(['accounts', 'list', '--json'], { ...env, HTTP_PROXY: 'http://127.0.0.1:1' });
    expect(answerOf(ended), told(ended)).toEqual({ accounts: [] });
    service.process.kill('SIGTERM');
    expect((await service.ended).exitCode).toBe(0);
  });
});

describe('a command beside a service that does not answer', () => {
  it.each([true, false])('says so in sentences, with a token file: %s', async (withToken) => {
    const env = await freshFolder();
    const folder = env.NARU_DATA_DIR ?? '';
    const lock = await lockFolder(folder);
    const tokenFile = join(folder, 'api.token');
    if (withToken) await writeFile(tokenFile, `${TOKEN}\n`);
    const apiUrl = `http://127.0.0.1:${await freePort()}`;
    await lock.update({ apiUrl, tokenFile });
    const ended = await program.run(['accounts', 'list', '--json'], env);
    await lock.release();
    expect(ended.exitCode, told(ended)).toBe(2);
    const { error } = answerOf<{ error: Record<string, string> }>(ended);
    expect(error).toMatchObject({ code: 'service_unreachable' });
    for (const text of [error.message_ko, error.message_en]) {
      expect(text).toContain(apiUrl);
      expect(text).toContain(folder);
    }
    expect(ended.stderr).not.toMatch(/axios|ECONN|ENOENT/i);
  });
});
