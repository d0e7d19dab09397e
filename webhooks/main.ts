/** The webhook receiver's role. `npm run webhooks`. */
import { startRole } from '../config/role';
import { runWebhooks } from './run-receiver';

void startRole('webhooks', ['gupshup', 'amocrm', 'temporal', 'mongodb', 'webhooks'], runWebhooks);
