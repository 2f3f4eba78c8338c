-- Made by the sender for each claim statement, as for runs: a claim whose answer was lost is found again by it.
alter table webhook_deliveries add column claim_id uuid;
