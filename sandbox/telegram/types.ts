/**
 * The Bot API objects the sandbox emits, field by field as in Bot API 10.1 (a test holds them to its machine-readable
 * form).
 */

export interface User {
  id: number;
  is_bot: boolean;
  first_name: string;
  last_name?: string;
  username?: string;
  language_code?: string;
}

/** The answer of `getMe`: a User with extra fields. */
export interface BotUser extends User {
  username: string;
  can_join_groups: boolean;
  can_read_all_group_messages: boolean;
  supports_inline_queries: boolean;
  can_connect_to_business: boolean;
  has_main_web_app: boolean;
}

export interface Chat {
  id: number;
  type: 'private';
  first_name: string;
  last_name?: string;
  username?: string;
}

/** Offsets and lengths count UTF-16 units, that is JavaScript string positions. */
export interface MessageEntity {
  type: string;
  offset: number;
  length: number;
  url?: string;
  language?: string;
  user?: User;
  custom_emoji_id?: string;
}

export interface InlineButton {
  text: string;
  callback_data?: string;
  url?: string;
  copy_text?: { text: string };
  style?: 'danger' | 'success' | 'primary';
}

export interface InlineKeyboard {
  inline_keyboard: InlineButton[][];
}

export interface Document {
  file_id: string;
  file_unique_id: string;
  file_name: string;
  mime_type: string;
  file_size: number;
}

export interface PhotoSize {
  file_id: string;
  file_unique_id: string;
  width: number;
  height: number;
  file_size: number;
}

export interface Message {
  message_id: number;
  from: User;
  chat: Chat;
  date: number;
  edit_date?: number;
  forward_origin?: { type: 'user'; date: number; sender_user: User };
  reply_to_message?: Message;
  media_group_id?: string;
  text?: string;
  entities?: MessageEntity[];
  document?: Document;
  photo?: PhotoSize[];
  caption?: string;
  caption_entities?: MessageEntity[];
  pinned_message?: Message;
  has_protected_content?: true;
  link_preview_options?: { is_disabled?: boolean };
  reply_markup?: InlineKeyboard;
}

interface CallbackQuery {
  id: string;
  from: User;
  message: Message;
  chat_instance: string;
  data: string;
}

interface ChatMemberUpdated {
  chat: Chat;
  from: User;
  date: number;
  old_chat_member: ChatMember;
  new_chat_member: ChatMember;
}

/** In a private chat the bot is either a member or, when blocked, kicked (until 0 = for ever). */
export type ChatMember = { status: 'member'; user: User } | { status: 'kicked'; user: User; until_date: number };

export interface UpdatePayload {
  message?: Message;
  edited_message?: Message;
  callback_query?: CallbackQuery;
  my_chat_member?: ChatMemberUpdated;
}

export interface Update extends UpdatePayload {
  update_id: number;
}

export interface BotCommand {
  command: string;
  description: string;
}

export interface File {
  file_id: string;
  file_unique_id: string;
  file_size: number;
  file_path: string;
}

export interface WebhookInfo {
  url: string;
  has_custom_certificate: boolean;
  pending_update_count: number;
  last_error_date?: number;
  last_error_message?: string;
  max_connections?: number;
  allowed_updates?: string[];
}
