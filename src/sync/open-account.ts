import type { AnyChannel, BaseSettings, ChannelContext } from '../channel/contract.ts';
import { createChannelHttp, createClosedHttp } from '../channel/http.ts';
import { PeopleError } from '../domain/people-error.ts';
import { findAccount, type StoredAccount } from '../store/accounts.ts';
import type { SyncDependencies } from './dependencies.ts';

/** An account with its adapter, ready to be used. */
export interface OpenAccount {
  stored: StoredAccount;
  adapter: AnyChannel;
  settings: BaseSettings;
  context: ChannelContext;
}

/**
 * Opens an account: settings parsed by the adapter's own schema, credentials unsealed, HTTP door with limiter.
 * Throws PeopleError when there is no such account, its adapter is not part of this build, or what is stored does not
 * fit the adapter any more.
 */
export async function openAccount(
  deps: SyncDependencies,
  accountId: string,
  labels: Record<string, unknown> = {},
): Promise<OpenAccount> {
  const stored = await findAccount(deps.store, accountId);
  if (!stored) throw unknownAccount(accountId);
  return openStoredAccount(deps, stored, labels);
}

/** As `openAccount`, for a row that was read already. */
export function openStoredAccount(
  deps: SyncDependencies,
  stored: StoredAccount,
  labels: Record<string, unknown> = {},
): OpenAccount {
  const adapter = deps.registry.find(stored.adapterId);
  if (!adapter) throw unknownAdapter(stored.adapterId, deps);
  const settings = adapter.settings.safeParse(stored.settings);
  const credentials = adapter.credentials.safeParse(deps.secrets.open(stored.sealedCredentials, stored.accountId));
  if (!settings.success || !credentials.success) {
    throw new PeopleError(
      'account_unusable',
      `계정 ${stored.accountId}의 설정이나 인증 정보가 어댑터 ${adapter.id}의 형식에 맞지 않습니다. 파일을 고쳐 \`naru accounts add\`로 다시 등록해 주십시오.`,
      `Settings or credentials of account ${stored.accountId} do not fit adapter ${adapter.id}. Correct the file and add the account again with \`naru accounts add\`.`,
    );
  }
  const log = deps.log.child({ account: stored.accountId, ...labels });
  const { baseUrl } = settings.data;
  const http =
    baseUrl === undefined
      ? createClosedHttp()
      : createChannelHttp({
          accountId: stored.accountId,
          baseUrl,
          limits: adapter.limits,
          limiter: deps.limiter,
          clock: deps.clock,
          log,
          signal: deps.signal,
          onCall: (call) => deps.onCall({ account: stored.accountId, ...call }),
        });
  return {
    stored,
    adapter,
    settings: settings.data,
    context: {
      account: { id: stored.accountId, settings: settings.data },
      credentials: credentials.data,
      http,
      clock: deps.clock,
      log,
      signal: deps.signal,
    },
  };
}

/** Why an account cannot be opened as it is stored; null when it can. */
export function whyClosed(deps: SyncDependencies, stored: StoredAccount): PeopleError | null {
  try {
    openStoredAccount(deps, stored);
    return null;
  } catch (error) {
    if (error instanceof PeopleError) return error;
    throw error;
  }
}

/**
 * Those of the accounts that cannot be opened, by id: they keep no other from its work. A paused one is not looked at,
 * since nothing is asked of it.
 *
 * @throws PeopleError the first reason, when no account is left that could do anything: the configuration is unusable.
 */
export function closedAccounts(deps: SyncDependencies, accounts: readonly StoredAccount[]): Map<string, PeopleError> {
  const closed = new Map<string, PeopleError>();
  for (const stored of accounts) {
    const reason = stored.state === 'paused' ? null : whyClosed(deps, stored);
    if (reason) closed.set(stored.accountId, reason);
  }
  const [first] = closed.values();
  if (first && closed.size === accounts.length) throw first;
  return closed;
}

/** The sentence for an account id that nobody added. */
export function unknownAccount(accountId: string): PeopleError {
  return new PeopleError(
    'account_unknown',
    `계정 ${accountId}이(가) 없습니다. \`naru accounts list\`로 이름을 확인하거나 \`naru accounts add\`로 등록해 주십시오.`,
    `There is no account ${accountId}. See \`naru accounts list\`, or add it with \`naru accounts add\`.`,
  );
}

/** The sentence for an adapter id that this build does not hold. */
export function unknownAdapter(adapterId: string, deps: Pick<SyncDependencies, 'registry'>): PeopleError {
  const known = deps.registry.list().map((adapter) => adapter.id);
  return new PeopleError(
    'adapter_unknown',
    `어댑터 ${adapterId}이(가) 없습니다. 쓸 수 있는 어댑터: ${known.join(', ')}.`,
    `There is no adapter ${adapterId}. Available: ${known.join(', ')}.`,
  );
}
