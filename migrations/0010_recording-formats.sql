-- Up Migration

-- What a recording is (wav, flac, mp3, …), as its first bytes say: analyses of what must be decoded
-- first are kept under the decoder's version too. Null: remembered before formats were told apart; the
-- recording is read once more, and then it stands here.
alter table elocute.recording_digest add column format text;

-- Down Migration

alter table elocute.recording_digest drop column format;
