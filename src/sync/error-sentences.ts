import type { ChannelErrorKind } from '../channel/errors.ts';
import { noBaseUrlCode } from '../channel/http.ts';
import type { Operation } from '../domain/listing.ts';

/** Words for staff for what was being done. */
const operationWords: Record<Operation, { ko: string; en: string }> = {
  create: { ko: '등록', en: 'create' },
  update: { ko: '내용 수정', en: 'update' },
  price: { ko: '가격 변경', en: 'price change' },
  stock: { ko: '재고 변경', en: 'stock change' },
  stop: { ko: '판매 중지', en: 'stop' },
  resume: { ko: '판매 재개', en: 'resume' },
  remove: { ko: '삭제', en: 'removal' },
};

const next: Record<ChannelErrorKind, { ko: string; en: string }> = {
  'rate-limited': {
    ko: '채널의 호출 한도에 걸렸습니다. 잠시 뒤 자동으로 다시 시도합니다.',
    en: 'the channel limits our calls. It is tried again by itself.',
  },
  unavailable: {
    ko: '채널에 연결할 수 없습니다. 자동으로 다시 시도하며, 계속되면 채널의 점검 공지와 계정의 baseUrl을 확인해 주십시오.',
    en: 'the channel cannot be reached. It is tried again by itself; if it goes on, check the channel’s notices and the account’s baseUrl.',
  },
  timeout: {
    ko: '채널이 제시간에 답하지 않았습니다. 실제로 처리되었는지 확인한 뒤 다시 시도합니다.',
    en: 'the channel did not answer in time. What it holds is looked up before anything is sent again.',
  },
  unauthorized: {
    ko: '인증 정보가 거부되어 계정을 멈췄습니다. 키와 판매자 ID를 확인해 `naru accounts add`로 다시 등록해 주십시오.',
    en: 'the credentials were refused and the account is paused. Check key and seller ids and add the account again with `naru accounts add`.',
  },
  forbidden: {
    ko: '이 작업의 권한이 없어 계정을 멈췄습니다. 채널에 API 권한을 신청한 뒤 `naru accounts resume`을 실행해 주십시오.',
    en: 'the permission is missing and the account is paused. Ask the channel for it, then run `naru accounts resume`.',
  },
  'not-found': {
    ko: '채널에 그 상품이 없습니다. 채널을 다시 조회해 상태를 바로잡습니다.',
    en: 'the channel does not have it. The channel is asked again and the state corrected.',
  },
  conflict: {
    ko: '채널에서 아직 앞선 작업을 처리하고 있습니다. 잠시 뒤 자동으로 다시 시도합니다.',
    en: 'the channel is still busy with an earlier change. It is tried again by itself.',
  },
  rejected: {
    ko: '채널이 거절했습니다. 아래 사유대로 상품이나 매핑을 고친 뒤 다시 보내 주십시오.',
    en: 'the channel refused it. Correct the product or the mapping as it says and push again.',
  },
  protocol: {
    ko: '채널의 응답을 이해할 수 없습니다. 채널의 API가 바뀌었을 수 있으니 운영자에게 알려 주십시오.',
    en: 'the channel’s answer could not be understood. Its API may have changed: tell the operator.',
  },
  unsupported: {
    ko: '이 채널에서는 할 수 없는 작업입니다.',
    en: 'this channel cannot do it.',
  },
};

/** Something answers, but not as the channel does. Without a product in question that is mostly the address. */
const notThisChannel = {
  ko: '그 주소의 응답이 이 채널의 API와 다릅니다. 계정의 baseUrl을 확인해 `naru accounts add`로 다시 등록해 주십시오. 주소가 맞다면 채널의 API가 바뀐 것이니 운영자에게 알려 주십시오.',
  en: 'what answers at the address is not this channel’s API. Check the account’s baseUrl and add the account again with `naru accounts add`; if it is right, the API has changed: tell the operator.',
};

/** An account without an address only answers; it has nobody to tell. */
export const noAddress = {
  ko: '이 계정에는 보낼 주소가 없습니다. 설정에 baseUrl을 넣어 `naru accounts add`로 다시 등록하거나, 상대에게 직접 알려 주십시오.',
  en: 'the account has no address to send to. Give it a baseUrl and add it again with `naru accounts add`, or tell the partner yourself.',
};

/** A file that people carry could not be put down; nothing of the channel was asked. */
const badPlace = {
  ko: '계정 설정의 전달 위치에 파일을 놓을 수 없습니다. 아래 사유대로 그 폴더나 권한을 바로잡거나, 설정을 고쳐 `naru accounts add`로 다시 등록해 주십시오.',
  en: 'files cannot be put where the account’s settings say. Put the folder or its permissions right as the reason says, or correct the settings and add the account again with `naru accounts add`.',
};
const placeKinds: ReadonlySet<ChannelErrorKind> = new Set(['not-found', 'forbidden', 'unavailable', 'protocol']);

/** The whole sentence: which product on which account, what was done, what happened, what to do next. */
export function sentenceFor(about: {
  sku: string | null;
  accountId: string;
  operation: Operation | null;
  kind: ChannelErrorKind;
  code: string;
  channelMessage: string | null;
  /** It was about the place where files are delivered, and not about an address that answers. */
  isPlace?: boolean;
}): { ko: string; en: string } {
  const isAddress = about.sku === null && (about.kind === 'not-found' || about.kind === 'protocol');
  const general = about.code === noBaseUrlCode ? noAddress : isAddress ? notThisChannel : next[about.kind];
  const advice = about.isPlace && placeKinds.has(about.kind) ? badPlace : general;
  const words = about.operation ? operationWords[about.operation] : null;
  const said = about.channelMessage ? ` [${about.code}: ${about.channelMessage}]` : ` [${about.code}]`;
  const whatKo = [about.sku ? `상품 ${about.sku}` : null, `계정 ${about.accountId}`, words?.ko]
    .filter(Boolean)
    .join(', ');
  const whatEn = [about.sku ? `product ${about.sku}` : null, `account ${about.accountId}`, words?.en]
    .filter(Boolean)
    .join(', ');
  return { ko: `${whatKo}: ${advice.ko}${said}`, en: `${whatEn}: ${advice.en}${said}` };
}
