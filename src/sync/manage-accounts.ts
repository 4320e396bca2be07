import { z } from 'zod';
import { isChannelError } from '../channel/errors.ts';
import { fieldFaults } from '../domain/field-faults.ts';
import { mappingsSchema, mergeMappings } from '../domain/mapping.ts';
import { PeopleError } from '../domain/people-error.ts';
import { changeMappings, findAccount, resumeAccount, saveAccount } from '../store/accounts.ts';
import type { SyncDependencies } from './dependencies.ts';
import { sentenceFor } from './error-sentences.ts';
import { fetchMissingMappings } from './fetch-mappings.ts';
import { openAccount, unknownAccount, unknownAdapter } from './open-account.ts';

/** An account as staff write it down. */
const accountFileSchema = z.strictObject({
  settings: z.record(z.string(), z.unknown()).default({}),
  credentials: z.record(z.string(), z.unknown()).default({}),
  mappings: mappingsSchema.optional(),
});

const accountIdSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/);

/**
 * Adds an account, or replaces the settings and credentials of an existing one. Mappings that are not given are fetched
 * from the channel; when it cannot be reached now, that happens at the first push.
 */
export async function addAccount(
  deps: SyncDependencies,
  request: { accountId: string; adapterId: string; file: unknown },
): Promise<{ account: string; adapter: string; result: 'added' | 'changed' }> {
  const { accountId } = request;
  if (!accountIdSchema.safeParse(accountId).success) {
    throw new PeopleError(
      'account_id_invalid',
      `계정 이름 ${JSON.stringify(accountId)}은(는) 쓸 수 없습니다. 영문, 숫자, -, _로 64자 이내로 정해 주십시오.`,
      `The account id ${JSON.stringify(accountId)} cannot be used: letters, digits, - and _, at most 64.`,
    );
  }
  const adapter = deps.registry.find(request.adapterId);
  if (!adapter) throw unknownAdapter(request.adapterId, deps);
  const file = accountFileSchema.safeParse(request.file);
  if (!file.success) throw unusableFile(accountId, [fieldFaults(accountFileSchema, request.file)]);
  const settings = adapter.settings.safeParse(file.data.settings);
  const credentials = adapter.credentials.safeParse(file.data.credentials);
  if (!settings.success || !credentials.success) {
    throw unusableFile(accountId, [
      ...(settings.success ? [] : [fieldFaults(adapter.settings, file.data.settings, ['settings'])]),
      ...(credentials.success ? [] : [fieldFaults(adapter.credentials, file.data.credentials, ['credentials'])]),
    ]);
  }
  const known = await findAccount(deps.store, accountId);
  if (known && known.adapterId !== adapter.id) {
    throw new PeopleError(
      'account_other_adapter',
      `계정 ${accountId}은(는) 이미 어댑터 ${known.adapterId}에 쓰이고 있습니다. 다른 이름으로 등록해 주십시오.`,
      `Account ${accountId} already belongs to adapter ${known.adapterId}. Choose another id.`,
    );
  }
  const result = await saveAccount(deps.store, {
    accountId,
    adapterId: adapter.id,
    settings: settings.data,
    sealedCredentials: deps.secrets.seal(credentials.data, accountId),
    mappings: file.data.mappings ?? null,
    now: deps.clock.now(),
  });
  const stored = await findAccount(deps.store, accountId);
  if (stored) await fetchMissingMappings(deps, stored);
  return { account: accountId, adapter: adapter.id, result };
}

/** Names the fields, never their values: one of them may be the key. */
function unusableFile(accountId: string, faults: readonly { ko: string; en: string }[]): PeopleError {
  const places = { ko: faults.map(({ ko }) => ko).join('; '), en: faults.map(({ en }) => en).join('; ') };
  return new PeopleError(
    'account_file_invalid',
    `계정 ${accountId}의 파일을 쓸 수 없습니다. 다음 항목을 고쳐 주십시오: ${places.ko}. 형식은 \`naru adapters --json\`에서 볼 수 있습니다.`,
    `The file for account ${accountId} cannot be used. Correct: ${places.en}. The format is shown by \`naru adapters --json\`.`,
  );
}

type AccountCheck = { ok: true } | { ok: false; kind: string; messageKo: string; messageEn: string };

/** One cheap call: does the account work? A paused account that works again stays paused until people resume it. */
export async function checkAccount(deps: SyncDependencies, accountId: string): Promise<AccountCheck> {
  const account = await openAccount(deps, accountId);
  try {
    await account.adapter.check(account.context);
    return { ok: true };
  } catch (error) {
    if (!isChannelError(error)) throw error;
    const { kind, code, channelMessage } = error;
    // Of a channel that people fill by hand, the place of delivery is all that can be asked.
    const isPlace = account.adapter.batches !== undefined;
    const sentence = sentenceFor({ sku: null, accountId, operation: null, kind, code, channelMessage, isPlace });
    return { ok: false, kind, messageKo: sentence.ko, messageEn: sentence.en };
  }
}

/** Lets a paused account work again, after people have settled why it was paused. */
export async function resumePausedAccount(deps: SyncDependencies, accountId: string): Promise<void> {
  if (!(await findAccount(deps.store, accountId))) throw unknownAccount(accountId);
  await resumeAccount(deps.store, accountId);
}

/** Merges mappings that staff wrote into the account's; an entry given here replaces the one of the same name. */
export async function importMappings(
  deps: SyncDependencies,
  request: { accountId: string; file: unknown },
): Promise<{ account: string; categories: number; notices: number; shipping: number }> {
  if (!(await findAccount(deps.store, request.accountId))) throw unknownAccount(request.accountId);
  const file = mappingsSchema.safeParse(request.file);
  if (!file.success) {
    const places = fieldFaults(mappingsSchema, request.file);
    throw new PeopleError(
      'mappings_invalid',
      `매핑 파일을 쓸 수 없습니다. 다음 항목을 고쳐 주십시오: ${places.ko}. README의 "매핑" 예시를 참고해 주십시오.`,
      `The mappings file cannot be used. Correct: ${places.en}. See the example under "Mappings" in the README.`,
    );
  }
  const merged = await changeMappings(deps.store, request.accountId, (current) => mergeMappings(current, file.data));
  if (!merged) throw unknownAccount(request.accountId);
  return {
    account: request.accountId,
    categories: Object.keys(merged.categories).length,
    notices: Object.keys(merged.notices).length,
    shipping: Object.keys(merged.shipping).length,
  };
}
