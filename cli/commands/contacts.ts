/** `contacts`: lists of people from files, and what is known of single numbers. */
import type { Command } from 'commander';
import type { CommandContext } from '../answer';
import { addContactsErase } from './contacts-erase';
import { addContactsExport, addContactsLists, addContactsSearch, addContactsTag } from './contacts-find';
import { addContactsImport } from './contacts-import';
import { addContactsShow } from './contacts-show';

export function addContacts(program: Command, context: CommandContext): void {
  const contacts = program.command('contacts').alias('contact').description('Lists of people, and single contacts');
  addContactsImport(contacts, context);
  addContactsSearch(contacts, context);
  addContactsShow(contacts, context);
  addContactsTag(contacts, context);
  addContactsExport(contacts, context);
  addContactsLists(contacts, context);
  addContactsErase(contacts, context);
}
