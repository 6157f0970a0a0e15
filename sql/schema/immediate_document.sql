-- One row per document in force that makes reviews due on its first night: whose (null: all), and when.
create table immediate_document (
    borrower_type varchar,
    jurisdiction varchar,
    effective_from date not null
)
