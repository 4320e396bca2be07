import { z } from 'zod';
import { CERTIFICATE_NAMES, certificateKindSchema, seoulDaySchema } from '../../domain/certificate.ts';
import { type CertificateAnswer, cancelCertificate, restoreCertificate } from '../../sync/cancel-certificate.ts';
import { defineCommand } from '../command.ts';

const decision = z.object({
  number: z.string().min(1),
  kind: certificateKindSchema.optional(),
  by: z.string().min(1),
  reason: z.string().min(1),
});

function answerOf({ kind, number, withdrawnOn, skus }: CertificateAnswer) {
  return { certificate: number, kind, withdrawn_on: withdrawnOn, products: skus };
}

/** `naru certificates cancel NUMBER --by NAME --reason TEXT` */
export const cancelCertificateCommand = defineCommand({
  name: 'certificates cancel',
  input: decision.extend({ day: seoulDaySchema.optional() }),
  run: async (app, input) => answerOf(await cancelCertificate(app.deps, app.queues, input)),
  text: ({ certificate, kind, withdrawn_on, products }) =>
    `${CERTIFICATE_NAMES[kind].ko} ${certificate}: ${withdrawn_on}부터 취소, 상품 ${products.length}개 (${products.join(', ')}). 다른 유효한 인증이 없는 상품은 바로 판매를 멈춥니다. / cancelled from ${withdrawn_on}; products without another certificate stop at once`,
});

/** `naru certificates restore NUMBER --by NAME --reason TEXT` */
export const restoreCertificateCommand = defineCommand({
  name: 'certificates restore',
  input: decision,
  run: async (app, input) => answerOf(await restoreCertificate(app.deps, app.queues, input)),
  text: ({ certificate, kind, products }) =>
    `${CERTIFICATE_NAMES[kind].ko} ${certificate}: 취소 기록을 거두었습니다, 상품 ${products.length}개 (${products.join(', ')}). / counts again`,
});
