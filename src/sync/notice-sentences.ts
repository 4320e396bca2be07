import type { ChannelError, ChannelErrorKind } from '../channel/errors.ts';
import { noBaseUrlCode } from '../channel/http.ts';
import type { OrderNoticeKind } from '../store/order-notices.ts';
import { noAddress } from './error-sentences.ts';

const noticeWords: Record<OrderNoticeKind, { ko: string; en: string }> = {
  acknowledge: { ko: '발주 확인', en: 'acknowledgement' },
  ship: { ko: '발송 알림', en: 'shipment notice' },
};

/** A person tells a channel about an order; nothing repeats it for him, and the same once more is harmless. */
const later = {
  ko: '몇 분 뒤에 같은 명령을 다시 실행해 주십시오. 자동으로 다시 보내지는 않으며, 같은 통지로 보내므로 두 번 처리되지 않습니다.',
  en: 'Run the same command again in some minutes: nothing repeats it by itself, and it goes out as the same notice, so that it cannot count twice.',
};

const next: Record<ChannelErrorKind, { ko: string; en: string }> = {
  'rate-limited': { ko: `채널의 호출 한도에 걸렸습니다. ${later.ko}`, en: `the channel limits our calls. ${later.en}` },
  unavailable: {
    ko: `채널에 연결할 수 없거나 채널이 지금 처리하지 못합니다. ${later.ko}`,
    en: `the channel cannot be reached or cannot do it now. ${later.en}`,
  },
  timeout: {
    ko: `채널이 제시간에 답하지 않아 처리되었는지 알 수 없습니다. ${later.ko}`,
    en: `the channel did not answer in time; it may have taken it. ${later.en}`,
  },
  unauthorized: {
    ko: '인증 정보가 거부되었습니다. 키를 확인해 `naru accounts add`로 다시 등록한 뒤 같은 명령을 다시 실행해 주십시오.',
    en: 'the credentials were refused. Check the key, add the account again with `naru accounts add`, then run the same command again.',
  },
  forbidden: {
    ko: '이 작업의 권한이 없습니다. 채널에 권한을 신청한 뒤 같은 명령을 다시 실행해 주십시오.',
    en: 'the permission is missing. Ask the channel for it, then run the same command again.',
  },
  'not-found': {
    ko: '채널에 그 주문이 없습니다. 채널의 화면에서 주문번호를 확인해 주십시오.',
    en: 'the channel does not have the order. Check its number at the channel.',
  },
  conflict: {
    ko: '이 주문에 대해 채널이 가진 내용과 맞지 않습니다(다른 통지, 변경, 취소). 다시 보내지 않습니다. 채널의 화면에서 주문의 상태를 확인해 주십시오.',
    en: 'it does not fit what the channel holds of the order (another notice, a change, a cancel). It is not sent again: look at the order at the channel.',
  },
  rejected: {
    ko: '채널이 거절했습니다. 아래 사유와 채널 화면의 주문 상태를 보고, 택배사 코드나 송장 번호를 고쳐 다시 실행해 주십시오.',
    en: 'the channel refused it. Read the reason below and look at the order at the channel; correct the courier code or invoice number and run it again.',
  },
  protocol: {
    ko: '채널의 응답을 이해할 수 없어 처리되었는지 알 수 없습니다. 채널의 화면에서 주문을 확인하고 운영자에게 알려 주십시오.',
    en: 'the channel’s answer could not be understood; it may have taken it. Look at the order at the channel and tell the operator.',
  },
  unsupported: {
    ko: '이 채널에는 알릴 수 없습니다. 채널의 화면에서 처리해 주십시오.',
    en: 'this channel cannot be told. Do it at the channel.',
  },
};

/** Why telling a channel about an order failed: which order on which account, what happened, what to do next. */
export function noticeSentence(
  about: { accountId: string; orderId: string; notice: OrderNoticeKind },
  { kind, code, channelMessage }: Pick<ChannelError, 'kind' | 'code' | 'channelMessage'>,
): { ko: string; en: string } {
  const advice = code === noBaseUrlCode ? noAddress : next[kind];
  const words = noticeWords[about.notice];
  const said = channelMessage ? ` [${code}: ${channelMessage}]` : ` [${code}]`;
  return {
    ko: `주문 ${about.orderId}, 계정 ${about.accountId}, ${words.ko}: ${advice.ko}${said}`,
    en: `Order ${about.orderId}, account ${about.accountId}, ${words.en}: ${advice.en}${said}`,
  };
}
