import { resolve } from 'node:path';
import { type Command as Commander, Option } from 'commander';
import { CERTIFICATE_KINDS } from '../domain/certificate.ts';
import { leadGroupings } from '../store/inquiries.ts';
import { writeCatalogueCommand } from './commands/catalogue.ts';
import * as certificates from './commands/certificates.ts';
import * as exports from './commands/exports.ts';
import * as inquiries from './commands/inquiries.ts';
import * as orders from './commands/orders.ts';
import { importRatesCommand, listRatesCommand } from './commands/rates.ts';
import { jsonOption } from './json-option.ts';
import type { Run } from './program.ts';
import { readJsonFile } from './sandbox.ts';

/** Commands around what people carry to and from channels: batches, receipts, inquiries, and what is told of orders. */
export function addExchange(program: Commander, run: Run): void {
  const batches = program.command('export').description('파일로 등록하는 판매처 / channels that take files');
  batches
    .command('list [account]')
    .description('배치 목록 / batches')
    .addOption(jsonOption())
    .action((accountId: string | undefined, options) => run(exports.listExports, { accountId }, options));
  batches
    .command('build <account>')
    .description('다음 배치 만들기 / make the next batch')
    .option('--batch <id>', '이미 만든 배치의 파일을 그대로 다시 쓰기 / write the file of this batch once more')
    .option('--out <dir>', '파일을 둘 폴더 / where to put the file')
    .addOption(jsonOption())
    .action((accountId: string, options) =>
      run(
        exports.buildExport,
        { accountId, batchId: options.batch, ...(options.out && { folder: resolve(options.out) }) },
        options,
      ),
    );
  batches
    .command('receipt <file>')
    .description('채운 접수 결과 읽기 / read a filled receipt')
    .addOption(jsonOption())
    .action((file: string, options) => run(exports.readReceiptCommand, { path: resolve(file) }, options));
  program
    .command('catalogue')
    .description('전체 카탈로그 파일 / whole catalogues as files')
    .command('write <account>')
    .description('지금 팔 수 있는 상품 모두 / everything that may be sold now')
    .requiredOption('--format <format>', '형식, 예 index cif / a format of the channel')
    .requiredOption('--out <file>')
    .addOption(jsonOption())
    .action((accountId: string, options) =>
      run(writeCatalogueCommand, { accountId, format: options.format, path: resolve(options.out) }, options),
    );
  const rates = program.command('rates').description('환율 / exchange rates');
  rates
    .command('import <file>')
    .description('환율 넣기 / import')
    .addOption(jsonOption())
    .action(async (file: string, options) => run(importRatesCommand, { file: await readJsonFile(file) }, options));
  rates
    .command('list')
    .description('목록 / list')
    .addOption(jsonOption())
    .action((options) => run(listRatesCommand, {}, options));
  addCertificates(program, run);
  addInquiries(program, run);
  addOrders(program, run);
}

function addCertificates(program: Commander, run: Run): void {
  const group = program.command('certificates').description('인증서 / certificates');
  const decided = (name: string, what: string) =>
    group
      .command(`${name} <number>`)
      .description(what)
      .requiredOption('--by <name>', '기록하는 사람 / who records it')
      .requiredOption('--reason <text>', '사유 / why')
      .addOption(new Option('--kind <kind>', '인증 종류 / scheme').choices([...CERTIFICATE_KINDS]))
      .addOption(jsonOption());
  decided('cancel', '취소·반납 기록 / record that it was cancelled or given up')
    .option('--day <day>', '효력을 잃는 첫날(기본: 오늘) / first day without effect')
    .action((number: string, { kind, by, reason, day, ...options }) =>
      run(certificates.cancelCertificateCommand, { number, kind, by, reason, day }, options),
    );
  decided('restore', '취소 기록 거두기 / take a cancellation back').action(
    (number: string, { kind, by, reason, ...options }) =>
      run(certificates.restoreCertificateCommand, { number, kind, by, reason }, options),
  );
}

function addInquiries(program: Commander, run: Run): void {
  const group = program.command('inquiries').description('바이어 문의 / inquiries');
  group
    .command('import <file>')
    .description('문의 파일 가져오기: .xlsx .csv .xls .eml / import a saved file')
    .requiredOption('--account <id>')
    .addOption(jsonOption())
    .action((file: string, options) =>
      run(inquiries.importInquiriesCommand, { path: resolve(file), accountId: options.account }, options),
    );
  group
    .command('list')
    .description('목록 / list')
    .option('--open', '답하지 않은 것만 / only those not answered')
    .option('--account <id>')
    .addOption(new Option('--by <grouping>', '묶어서 세기 / count by').choices([...leadGroupings]))
    .addOption(jsonOption())
    .action((options) =>
      run(inquiries.listInquiriesCommand, { open: options.open, accountId: options.account, by: options.by }, options),
    );
  group
    .command('answer <id>')
    .description('답했음을 적기 / note as answered')
    .requiredOption('--account <id>')
    .requiredOption('--by <name>', '답한 사람 / who answered')
    .addOption(jsonOption())
    .action((inquiryId: string, options) =>
      run(inquiries.answerInquiryCommand, { inquiryId, accountId: options.account, by: options.by }, options),
    );
}

function addOrders(program: Commander, run: Run): void {
  const group = program.command('orders').description('주문 / orders');
  group
    .command('list')
    .description('목록 / list')
    .option('--account <id>')
    .option('--from <day>')
    .option('--to <day>')
    .addOption(jsonOption())
    .action((options) =>
      run(orders.listOrdersCommand, { accountId: options.account, from: options.from, to: options.to }, options),
    );
  group
    .command('acknowledge <order>')
    .description('발주 확인 / tell the channel that it was seen')
    .requiredOption('--account <id>')
    .option('--site <site>')
    .requiredOption('--by <name>', '확인한 사람 / who')
    .addOption(jsonOption())
    .action((orderId: string, options) =>
      run(
        orders.acknowledgeCommand,
        { orderId, accountId: options.account, site: options.site, by: options.by },
        options,
      ),
    );
  group
    .command('ship <order>')
    .description('송장 알리기 / tell the channel that it is on its way')
    .requiredOption('--account <id>')
    .option('--site <site>')
    .requiredOption('--courier <code>', '판매처의 택배사 코드 / courier code of the channel')
    .requiredOption('--invoice <no>', '송장 번호 / invoice number')
    .requiredOption('--by <name>', '보낸 사람 / who')
    .addOption(jsonOption())
    .action((orderId: string, options) =>
      run(
        orders.shipCommand,
        {
          orderId,
          accountId: options.account,
          site: options.site,
          by: options.by,
          courierCode: options.courier,
          invoiceNo: options.invoice,
        },
        options,
      ),
    );
}
