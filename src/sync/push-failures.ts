import type { ChannelError, ChannelErrorKind } from '../channel/errors.ts';
import type { PeopleError } from '../domain/people-error.ts';
import type { StoredAccount } from '../store/accounts.ts';
import type { Refusal } from '../store/listings.ts';
import { sentenceFor } from './error-sentences.ts';

export interface PushFailure {
  sku: string | null;
  account: string;
  code: string;
  messageKo: string;
  messageEn: string;
}

/** The channel could not be asked for what the account needs before anything can be listed. */
export function failedQuestion(accountId: string, error: ChannelError): PushFailure {
  const { kind, code, channelMessage } = error;
  const sentence = sentenceFor({ sku: null, accountId, operation: null, kind, code, channelMessage });
  return { sku: null, account: accountId, code, messageKo: sentence.ko, messageEn: sentence.en };
}

/** The account cannot be opened as it is stored. */
export function unusableAccount(accountId: string, error: PeopleError): PushFailure {
  const { messageKo, messageEn } = error;
  return { sku: null, account: accountId, code: error.code, messageKo, messageEn };
}

export function pausedAccount(stored: StoredAccount): PushFailure {
  return {
    sku: null,
    account: stored.accountId,
    code: stored.pause?.kind ?? 'paused',
    messageKo: stored.pause?.messageKo ?? '',
    messageEn: stored.pause?.messageEn ?? '',
  };
}

/** It did not work yet; the workers go on trying. */
export function passingFailure(sku: string, account: string, refusal: Refusal, kind: ChannelErrorKind): PushFailure {
  const { operation, code, message } = refusal;
  const sentence = sentenceFor({ sku, accountId: account, operation, kind, code, channelMessage: message || null });
  return { sku, account, code, messageKo: sentence.ko, messageEn: sentence.en };
}

/** One of several sites said no: the product is on sale on the others. */
export function refusedSite(
  sku: string,
  account: string,
  refusal: { site: string | null; code: string; message: string },
): PushFailure {
  return {
    sku,
    account,
    code: refusal.code,
    messageKo: `상품 ${sku}, 계정 ${account}: 사이트 ${refusal.site}에서 거절되어 나머지 사이트에서만 판매됩니다 [${refusal.code}: ${refusal.message}]. 사유대로 고친 뒤 다시 보내 주십시오.`,
    messageEn: `Product ${sku}, account ${account}: site ${refusal.site} refused it, so it sells on the others only [${refusal.code}: ${refusal.message}]. Correct it as it says and push again.`,
  };
}
