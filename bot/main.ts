/** The bot's role. `npm run bot`. */
import { startRole } from '../config/role';
import { runBot } from './run';

void startRole('bot', ['telegram', 'gupshup', 'amocrm', 'temporal', 'mongodb'], runBot);
