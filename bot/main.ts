/** The bot's role. `npm run bot`. */
import { startRole } from '../config/role';
import { runBot } from './run-bot';

void startRole('bot', ['telegram', 'gupshup', 'amocrm', 'temporal', 'mongodb'], runBot);
