-- One row per borrower of the night: invented names, with the commas, quotes and signs that break a
-- careless file.
with parts as (
    select
        *,
        ['王', '李', '张', '刘', '陈', '杨', '赵', '黄', '周', '吴', '欧阳', '司马'][1 + u_when % 12] as surname,
        ['伟', '芳', '秀英', '敏', '静', '丽', '强', '磊', '洋', '艳', '小明', '子涵', '一诺'][1 + u_industry % 13]
            as given,
        ['Ann', 'Ben', 'Chloe', 'Dev', 'Ee Ling', 'Farah', 'Gus', 'Hui Min'][1 + u_hardship % 8] as given_en,
        ['Lee', 'Tan', 'O''Hara', 'Smith, Jr.', 'Kumar', 'van der Berg'][1 + u_when % 6] as surname_en,
        ['晨光', '东海', '新桥', '金叶', '远山'][1 + u_industry % 5] as firm,
        ['贸易', '机械', '食品', '物流'][1 + u_when % 4] as trade,
        ['Harbour', '"Golden" Gate', 'Lotus', 'North & South'][1 + u_industry % 4] as firm_en
    from person
    where onboarded_on <= $as_of
)

select
    borrower_id,
    case
        when u_industry % 400 = 3 then '=HYPERLINK("http://example.invalid/","' || surname || given || '")'
        when u_industry % 400 = 4 then '+' || surname || given
        when u_industry % 400 = 5 then '-2+3, ' || given_en
        when u_industry % 400 = 6 then '@' || given_en
        when is_enterprise and language = 'en' then firm_en || ' Trading, Pte. Ltd. ' || enterprise_no
        when is_enterprise then firm || trade || '有限公司（' || enterprise_no || '号）'
        when language = 'en' then given_en || ' ' || surname_en
        else surname || given
    end as name,
    case
        when u_when % 50 = 0 then null
        when language = 'en'
            then
                (1 + u_when % 300)
                || ' Example Street, #0'
                || (1 + u_industry % 9)
                || '-'
                || (10 + u_industry % 80)
                || ', "The Court", Singapore'
        else '示例市示例路' || (1 + u_when % 300) || '号，' || (1 + u_industry % 30) || '单元'
    end as address,
    ['app', 'sms', 'email', 'post'][1 + u_when % 4] as channel,
    cast(onboarded_on as timestamp) + interval 20 hour as recorded_at
from parts
order by borrower_id
