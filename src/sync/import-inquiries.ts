import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { PulledInquiry, RowFault } from '../channel/inquiries.ts';
import type { BuyerContact } from '../domain/inquiry.ts';
import { buyerContactSchema } from '../domain/inquiry.ts';
import { PeopleError } from '../domain/people-error.ts';
import type { Queryable } from '../store/database.ts';
import {
  type InquiryCounts,
  type InquiryRow,
  type InquiryToKeep,
  keepInquiryFile,
  knownInquiryFile,
  markAnswered,
  writeInquiries,
} from '../store/inquiries.ts';
import { readSmallFile } from './apply-receipt.ts';
import type { SyncDependencies } from './dependencies.ts';
import { inquiryIds } from './inquiry-ids.ts';
import { type OpenAccount, openAccount } from './open-account.ts';

interface InquiryImport extends InquiryCounts {
  account: string;
  /** These very bytes were read before; nothing was done. */
  sameFile: boolean;
  faults: RowFault[];
}

const maxFileBytes = 20 * 1024 * 1024;
const dayMs = 24 * 3_600_000;

/**
 * Reads a file of inquiries that a person saved at a channel. Good rows are kept, bad ones told and remembered with their
 * reasons; the same file again changes nothing.
 */
export async function importInquiries(
  deps: SyncDependencies,
  request: { accountId: string; path: string },
): Promise<InquiryImport> {
  const account = await openAccount(deps, request.accountId);
  const { inquiries } = account.adapter;
  if (!inquiries) {
    throw new PeopleError(
      'inquiries_unsupported',
      `계정 ${request.accountId}의 채널은 문의 파일을 읽지 않습니다. 수출 포털 계정을 --account에 적어 주십시오.`,
      `The channel of account ${request.accountId} has no inquiry files. Give the account of an export portal.`,
    );
  }
  const name = basename(request.path);
  const bytes = await readSmallFile(request.path, maxFileBytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const known = await knownInquiryFile(deps.store, request.accountId, sha256);
  if (known) {
    const { inquiries: unchanged, faults } = known;
    return { account: request.accountId, sameFile: true, new: 0, changed: 0, unchanged, faults };
  }
  const now = deps.clock.now();
  const read = await inquiries.readFile({ name, bytes }, account.settings as never, now);
  const counts = await deps.store.transaction(async (tx) => {
    await keepInquiryFile(tx, {
      accountId: request.accountId,
      sha256,
      name,
      now,
      inquiries: read.inquiries.length,
      faults: read.faults,
    });
    return keepInquiries(deps, tx, account, name, read.inquiries);
  });
  account.context.log.info({ ...counts, faults: read.faults.length }, 'inquiries were read');
  return { account: request.accountId, sameFile: false, ...counts, faults: read.faults };
}

/** Writes inquiries with what may be kept of their buyers, inside the caller's transaction. */
export async function keepInquiries(
  deps: SyncDependencies,
  tx: Queryable,
  account: OpenAccount,
  sourceName: string,
  inquiries: readonly PulledInquiry[],
): Promise<InquiryCounts> {
  const { accountId } = account.stored;
  const { keepBuyerContacts = false, contactDays = 90 } = account.settings;
  const until = new Date(deps.clock.now().getTime() + contactDays * dayMs);
  const ids = await inquiryIds(deps, tx, accountId, inquiries);
  const kept = inquiries.map(({ contact, sender: _sender, ...rest }, index): InquiryToKeep => {
    const sealed = keepBuyerContacts && contact ? deps.secrets.seal(contact, contactBinding(accountId)) : null;
    return {
      ...rest,
      externalId: ids[index] ?? rest.externalId,
      sealedContact: sealed,
      contactUntil: sealed ? until : null,
    };
  });
  return writeInquiries(tx, { accountId, name: sourceName }, kept);
}

/** Sealed apart from credentials: neither can be put in the other's place. */
function contactBinding(accountId: string): string {
  return `${accountId} buyer contact`;
}

/** A kept contact as it may be shown: enough to recognise, not enough to use. Null when none is kept. */
export function maskedContact(deps: SyncDependencies, row: InquiryRow): string | null {
  if (row.sealedContact === null) return null;
  const contact = buyerContactSchema.parse(deps.secrets.open(row.sealedContact, contactBinding(row.account)));
  return maskContact(contact);
}

/** The first letter of each part, and stars. */
function maskContact({ name, email, phone }: BuyerContact): string {
  const [box = '', host = ''] = email?.split('@') ?? [];
  const shown = [
    name && `${[...name][0] ?? ''}**`,
    email && `${[...box][0] ?? ''}***@${[...host][0] ?? ''}***`,
    phone && `***${phone.replace(/\D/g, '').slice(-2)}`,
  ];
  return shown.filter(Boolean).join(' ');
}

/** Notes who answered an inquiry. @throws PeopleError `inquiry_unknown`. */
export async function answerInquiry(
  deps: SyncDependencies,
  answer: { accountId: string; inquiryId: string; by: string },
): Promise<void> {
  if (await markAnswered(deps.store, { ...answer, now: deps.clock.now() })) return;
  throw new PeopleError(
    'inquiry_unknown',
    `계정 ${answer.accountId}에 문의 ${answer.inquiryId}이(가) 없습니다. \`naru inquiries list\`로 번호를 확인해 주십시오.`,
    `Account ${answer.accountId} has no inquiry ${answer.inquiryId}. See \`naru inquiries list\`.`,
  );
}
