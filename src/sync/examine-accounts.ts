import type { StoredAccount } from '../store/accounts.ts';
import type { SyncDependencies } from './dependencies.ts';
import type { DoctorFinding } from './doctor.ts';
import { whyClosed } from './open-account.ts';

/**
 * What keeps an account from being opened at all: settings of a former version, another secret key, an adapter that this
 * build does not hold. Null when it opens. Nothing else of the account can be looked at until people have mended it.
 */
export function examineOpening(deps: SyncDependencies, stored: StoredAccount): DoctorFinding | null {
  const reason = whyClosed(deps, stored);
  if (!reason) return null;
  const { accountId } = stored;
  return {
    severity: 'problem',
    code: 'account_unusable',
    account: accountId,
    messageKo: `계정 ${accountId}을(를) 열 수 없어 이 계정의 일이 모두 멈춰 있습니다. 다른 계정은 계속 돌아갑니다. ${reason.messageKo}`,
    messageEn: `Account ${accountId} cannot be opened, so all its work stands still; other accounts go on. ${reason.messageEn}`,
  };
}
