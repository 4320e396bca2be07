import type { Command } from '../command.ts';
import {
  addAccountCommand,
  applyCampaignCommand,
  checkAccountCommand,
  importMappingsCommand,
  listAccountsCommand,
  listCampaignsCommand,
  resumeAccountCommand,
  showMappingsCommand,
} from './accounts.ts';
import { writeCatalogueCommand } from './catalogue.ts';
import { cancelCertificateCommand, restoreCertificateCommand } from './certificates.ts';
import { buildExport, listExports, readReceiptCommand } from './exports.ts';
import { answerInquiryCommand, importInquiriesCommand, listInquiriesCommand } from './inquiries.ts';
import { acknowledgeCommand, listOrdersCommand, shipCommand } from './orders.ts';
import { approve, decide, importProducts, listProducts, showProduct } from './products.ts';
import { importRatesCommand, listRatesCommand } from './rates.ts';
import { deadLettersCommand, doctorCommand, listingsCommand, replayCommand, salesCommand } from './reports.ts';
import { pullCommand, pushCommand } from './sync.ts';

const all = [
  importProducts,
  approve,
  decide,
  listProducts,
  showProduct,
  cancelCertificateCommand,
  restoreCertificateCommand,
  addAccountCommand,
  checkAccountCommand,
  resumeAccountCommand,
  listAccountsCommand,
  importMappingsCommand,
  showMappingsCommand,
  applyCampaignCommand,
  listCampaignsCommand,
  pushCommand,
  pullCommand,
  salesCommand,
  listingsCommand,
  deadLettersCommand,
  replayCommand,
  doctorCommand,
  listExports,
  buildExport,
  readReceiptCommand,
  importInquiriesCommand,
  listInquiriesCommand,
  answerInquiryCommand,
  listOrdersCommand,
  acknowledgeCommand,
  shipCommand,
  importRatesCommand,
  listRatesCommand,
  writeCatalogueCommand,
];

/** Commands by name, as a service finds them; their inputs are parsed by their own schemas before they run. */
export const commandsByName: ReadonlyMap<string, Command> = new Map(
  all.map((command) => [command.name, command as unknown as Command]),
);
