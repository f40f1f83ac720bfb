#include "sandbox/genie/model.hpp"

#include <algorithm>

namespace genie_slack::sandbox::databricks {

namespace model_detail {

Topic sales() {
    Topic topic;
    topic.space = "sales";
    topic.id = "orders";
    topic.noun = "order";
    topic.plural = "orders";
    topic.phrases = {"orders", "order", "purchases"};
    topic.from = "sales.orders o";
    topic.joins = {{"l", "JOIN sales.order_lines l ON l.order_id = o.order_id"},
                   {"p", "JOIN sales.products p ON p.product_id = l.product_id"},
                   {"c", "JOIN sales.customers c ON c.customer_id = o.customer_id"}};
    topic.filter = "o.status <> 'cancelled'";
    topic.date = "o.order_date";
    topic.metrics = {
        {"revenue",
         "revenue",
         {"revenue", "sales", "turnover", "income", "money", "sales revenue", "total sales", "sell"},
         "ROUND(SUM(l.amount), 2)",
         "DECIMAL(18,2)",
         Unit::money,
         true},
        {"orders",
         "number of orders",
         {"orders", "order", "order count", "number of orders", "count of orders", "purchases", "order volume"},
         "COUNT(DISTINCT o.order_id)",
         "BIGINT",
         Unit::count,
         true},
        {"customers",
         "number of customers",
         {"customers", "number of customers", "buyers", "active customers", "customer count", "clients"},
         "COUNT(DISTINCT o.customer_id)",
         "BIGINT",
         Unit::count,
         false},
        {"aov",
         "average order value",
         {"average order value", "aov", "average order", "order value", "average basket", "basket size",
          "avg order value"},
         "ROUND(SUM(l.amount) / COUNT(DISTINCT o.order_id), 2)",
         "DECIMAL(18,2)",
         Unit::money,
         false},
        {"units",
         "units sold",
         {"units", "units sold", "quantity", "volume", "items sold", "pieces", "sold"},
         "SUM(l.quantity)",
         "BIGINT",
         Unit::count,
         true},
        {"margin",
         "gross margin",
         {"gross margin", "margin", "profit", "gross profit", "earnings"},
         "ROUND(SUM(l.amount - l.quantity * p.unit_cost), 2)",
         "DECIMAL(18,2)",
         Unit::money,
         true},
        {"discount",
         "average discount in percent",
         {"discount", "average discount", "discounts"},
         "ROUND(100.0 * AVG(l.discount), 1)",
         "DECIMAL(5,1)",
         Unit::percent,
         false},
    };
    topic.dimensions = {
        {"region",
         "region",
         "regions",
         {"area", "areas", "territory"},
         "c.region",
         "SELECT DISTINCT region FROM sales.customers"},
        {"country", "country", "countries", {"nation"}, "c.country", "SELECT DISTINCT country FROM sales.customers"},
        {"city", "city", "cities", {}, "c.city", "SELECT DISTINCT city FROM sales.customers"},
        {"segment",
         "segment",
         "segments",
         {"customer segment", "customer segments", "customer type"},
         "c.segment",
         "SELECT DISTINCT segment FROM sales.customers"},
        {"customer",
         "customer",
         "customers",
         {"client", "clients", "buyer", "buyers", "account"},
         "c.name",
         "SELECT name FROM sales.customers"},
        {"category",
         "category",
         "categories",
         {"product category", "product categories", "product line"},
         "p.category",
         "SELECT DISTINCT category FROM sales.products"},
        {"product",
         "product",
         "products",
         {"item", "items", "article", "articles"},
         "p.name",
         "SELECT name FROM sales.products"},
        {"organic",
         "organic",
         "organic",
         {"organic or not"},
         "CASE WHEN p.is_organic THEN 'organic' ELSE 'conventional' END",
         "SELECT 'conventional' UNION SELECT 'organic'"},
        {"channel",
         "channel",
         "channels",
         {"sales channel", "sales channels"},
         "o.channel",
         "SELECT DISTINCT channel FROM sales.orders"},
        {"status", "status", "statuses", {"order status"}, "o.status", "SELECT DISTINCT status FROM sales.orders"},
        {"weekday", "weekday", "weekdays", {"day of the week", "day of week"}, "dayname(o.order_date)", ""},
    };
    topic.columns = {{"order_id", "o.order_id", "BIGINT"},
                     {"order_date", "o.order_date", "DATE"},
                     {"ordered_at", "o.ordered_at", "TIMESTAMP"},
                     {"customer", "c.name", "STRING"},
                     {"region", "c.region", "STRING"},
                     {"country", "c.country", "STRING"},
                     {"channel", "o.channel", "STRING"},
                     {"status", "o.status", "STRING"},
                     {"total", "o.total", "DECIMAL(18,2)"},
                     {"delivered_on", "o.delivered_on", "DATE"}};
    topic.list_order = "o.ordered_at DESC, o.order_id DESC";
    topic.amount = "o.total";
    return topic;
}

Topic customers() {
    Topic topic;
    topic.space = "sales";
    topic.id = "customers";
    topic.noun = "customer";
    topic.plural = "customers";
    topic.phrases = {"customers", "clients", "customer list"};
    topic.from = "sales.customers c";
    topic.date = "c.customer_since";
    topic.metrics = {{"new_customers",
                      "number of new customers",
                      {"new customers", "signups", "sign ups", "customer growth", "new clients"},
                      "COUNT(*)",
                      "BIGINT",
                      Unit::count,
                      true},
                     {"credit_score",
                      "average credit score",
                      {"credit score", "average credit score"},
                      "ROUND(AVG(c.credit_score), 2)",
                      "DECIMAL(4,2)",
                      Unit::number,
                      false}};
    topic.dimensions = {
        {"region", "region", "regions", {}, "c.region", "SELECT DISTINCT region FROM sales.customers"},
        {"country", "country", "countries", {}, "c.country", "SELECT DISTINCT country FROM sales.customers"},
        {"city", "city", "cities", {}, "c.city", "SELECT DISTINCT city FROM sales.customers"},
        {"segment",
         "segment",
         "segments",
         {"customer segment"},
         "c.segment",
         "SELECT DISTINCT segment FROM sales.customers"}};
    topic.columns = {{"customer_id", "c.customer_id", "BIGINT"},
                     {"name", "c.name", "STRING"},
                     {"segment", "c.segment", "STRING"},
                     {"region", "c.region", "STRING"},
                     {"country", "c.country", "STRING"},
                     {"city", "c.city", "STRING"},
                     {"customer_since", "c.customer_since", "DATE"},
                     {"is_active", "c.is_active", "BOOLEAN"},
                     {"credit_score", "c.credit_score", "DECIMAL(4,2)"}};
    topic.list_order = "c.name";
    return topic;
}

Topic products() {
    Topic topic;
    topic.space = "sales";
    topic.id = "products";
    topic.noun = "product";
    topic.plural = "products";
    topic.phrases = {"products", "articles", "assortment", "product list", "price list"};
    topic.from = "sales.products p";
    topic.metrics = {{"products",
                      "number of products",
                      {"number of products", "products", "product count"},
                      "COUNT(*)",
                      "BIGINT",
                      Unit::count,
                      true},
                     {"price",
                      "average price",
                      {"price", "average price", "prices", "unit price"},
                      "ROUND(AVG(p.unit_price), 2)",
                      "DECIMAL(10,2)",
                      Unit::money,
                      false}};
    topic.dimensions = {{"category",
                         "category",
                         "categories",
                         {"product category"},
                         "p.category",
                         "SELECT DISTINCT category FROM sales.products"},
                        {"organic",
                         "organic",
                         "organic",
                         {},
                         "CASE WHEN p.is_organic THEN 'organic' ELSE 'conventional' END",
                         "SELECT 'conventional' UNION SELECT 'organic'"}};
    topic.columns = {{"product_id", "p.product_id", "BIGINT"},  {"name", "p.name", "STRING"},
                     {"category", "p.category", "STRING"},      {"unit_price", "p.unit_price", "DECIMAL(10,2)"},
                     {"is_organic", "p.is_organic", "BOOLEAN"}, {"launched_on", "p.launched_on", "DATE"}};
    topic.list_order = "p.category, p.name";
    topic.amount = "p.unit_price";
    return topic;
}

Topic tickets() {
    Topic topic;
    topic.space = "operations";
    topic.id = "tickets";
    topic.noun = "ticket";
    topic.plural = "tickets";
    topic.phrases = {"tickets", "ticket", "support tickets", "cases", "complaints", "issues"};
    topic.from = "operations.tickets t";
    topic.date = "t.opened_at";
    topic.has_time_of_day = true;
    topic.metrics = {
        {"tickets",
         "number of tickets",
         {"tickets", "ticket", "support tickets", "number of tickets", "cases", "complaints", "issues",
          "ticket volume"},
         "COUNT(*)",
         "BIGINT",
         Unit::count,
         true},
        {"satisfaction",
         "average satisfaction",
         {"satisfaction", "average satisfaction", "csat", "rating", "score"},
         "ROUND(AVG(t.satisfaction), 2)",
         "DECIMAL(4,2)",
         Unit::number,
         false},
        {"first_response",
         "average first response time in minutes",
         {"first response", "response time", "first response time", "average response time"},
         "ROUND(AVG(t.first_response_minutes), 1)",
         "DECIMAL(10,1)",
         Unit::minutes,
         false},
        {"days_to_solve",
         "average days to solve",
         {"resolution time", "days to solve", "time to solve", "solution time", "time to resolve",
          "time to resolution"},
         "ROUND(AVG(datediff(t.solved_at, t.opened_at)), 1)",
         "DECIMAL(10,1)",
         Unit::days,
         false},
        {"escalated",
         "share of escalated tickets in percent",
         {"escalation rate", "escalations", "escalated share"},
         "ROUND(100.0 * SUM(CASE WHEN t.escalated THEN 1 ELSE 0 END) / COUNT(*), 1)",
         "DECIMAL(5,1)",
         Unit::percent,
         false},
    };
    topic.dimensions = {
        {"region", "region", "regions", {}, "t.region", "SELECT DISTINCT region FROM operations.tickets"},
        {"category",
         "category",
         "categories",
         {"ticket category", "reason", "reasons"},
         "t.category",
         "SELECT DISTINCT category FROM operations.tickets"},
        {"priority",
         "priority",
         "priorities",
         {"urgency"},
         "t.priority",
         "SELECT DISTINCT priority FROM operations.tickets"},
        {"status", "status", "statuses", {"state"}, "t.status", "SELECT DISTINCT status FROM operations.tickets"},
        {"agent",
         "agent",
         "agents",
         {"support agent", "support agents"},
         "t.agent",
         "SELECT DISTINCT agent FROM operations.tickets"}};
    topic.columns = {{"ticket_id", "t.ticket_id", "BIGINT"},
                     {"opened_at", "t.opened_at", "TIMESTAMP"},
                     {"solved_at", "t.solved_at", "TIMESTAMP"},
                     {"region", "t.region", "STRING"},
                     {"category", "t.category", "STRING"},
                     {"priority", "t.priority", "STRING"},
                     {"status", "t.status", "STRING"},
                     {"agent", "t.agent", "STRING"},
                     {"first_response_minutes", "t.first_response_minutes", "INT"},
                     {"satisfaction", "t.satisfaction", "INT"},
                     {"escalated", "t.escalated", "BOOLEAN"}};
    topic.list_order = "t.opened_at DESC";
    return topic;
}

Topic stock() {
    Topic topic;
    topic.space = "operations";
    topic.id = "stock";
    topic.noun = "stock position";
    topic.plural = "stock positions";
    topic.phrases = {"stock", "inventory", "stock positions", "stock list", "low on stock"};
    topic.from = "operations.stock s";
    topic.metrics = {{"on_hand",
                      "units on hand",
                      {"stock", "on hand", "inventory", "units on hand", "stock level", "stock levels"},
                      "SUM(s.on_hand)",
                      "BIGINT",
                      Unit::count,
                      true},
                     {"low_stock",
                      "positions below their reorder level",
                      {"low stock", "below reorder level", "low on stock", "reorder", "short supply"},
                      "SUM(CASE WHEN s.on_hand < s.reorder_level THEN 1 ELSE 0 END)",
                      "BIGINT",
                      Unit::count,
                      true}};
    topic.dimensions = {{"product",
                         "product",
                         "products",
                         {"item", "items", "article"},
                         "s.product",
                         "SELECT DISTINCT product FROM operations.stock"},
                        {"category",
                         "category",
                         "categories",
                         {"product category"},
                         "s.category",
                         "SELECT DISTINCT category FROM operations.stock"},
                        {"warehouse",
                         "warehouse",
                         "warehouses",
                         {"site", "sites", "location"},
                         "s.warehouse",
                         "SELECT DISTINCT warehouse FROM operations.stock"}};
    topic.columns = {{"product", "s.product", "STRING"},          {"category", "s.category", "STRING"},
                     {"warehouse", "s.warehouse", "STRING"},      {"on_hand", "s.on_hand", "INT"},
                     {"reorder_level", "s.reorder_level", "INT"}, {"counted_on", "s.counted_on", "DATE"}};
    topic.list_order = "s.product, s.warehouse";
    topic.amount = "s.on_hand";
    return topic;
}

Topic employees() {
    Topic topic;
    topic.space = "people";
    topic.id = "employees";
    topic.noun = "employee";
    topic.plural = "employees";
    topic.phrases = {"employees", "employee", "staff", "people", "colleagues", "team"};
    topic.from = "people.employees e";
    topic.filter = "e.left_on IS NULL";
    topic.filters_rows = true;
    topic.metrics = {{"headcount",
                      "headcount",
                      {"headcount", "head count", "employees", "staff", "people", "number of employees", "colleagues"},
                      "COUNT(*)",
                      "BIGINT",
                      Unit::count,
                      true},
                     {"salary",
                      "average salary",
                      {"salary", "average salary", "salaries", "pay", "average pay", "earn"},
                      "ROUND(AVG(e.salary), 2)",
                      "DECIMAL(18,2)",
                      Unit::money,
                      false},
                     {"payroll",
                      "payroll",
                      {"payroll", "total salary", "salary total", "salary cost"},
                      "ROUND(SUM(e.salary), 2)",
                      "DECIMAL(18,2)",
                      Unit::money,
                      true},
                     {"tenure",
                      "average tenure in days",
                      {"tenure", "average tenure", "seniority", "length of service"},
                      "ROUND(AVG(datediff('2025-12-31', e.hired_on)), 1)",
                      "DECIMAL(10,1)",
                      Unit::days,
                      false},
                     {"remote",
                      "share of remote work in percent",
                      {"remote share", "remote work", "work remotely", "remote"},
                      "ROUND(100.0 * SUM(CASE WHEN e.works_remotely THEN 1 ELSE 0 END) / COUNT(*), 1)",
                      "DECIMAL(5,1)",
                      Unit::percent,
                      false}};
    topic.dimensions = {
        {"department",
         "department",
         "departments",
         {"dept", "function"},
         "e.department",
         "SELECT DISTINCT department FROM people.employees"},
        {"level", "level", "levels", {"grade", "job level"}, "e.level", "SELECT DISTINCT level FROM people.employees"},
        {"office",
         "office",
         "offices",
         {"site", "location", "locations"},
         "e.office",
         "SELECT DISTINCT office FROM people.employees"}};
    topic.columns = {{"employee_id", "e.employee_id", "BIGINT"},
                     {"department", "e.department", "STRING"},
                     {"level", "e.level", "STRING"},
                     {"office", "e.office", "STRING"},
                     {"hired_on", "e.hired_on", "DATE"},
                     {"left_on", "e.left_on", "DATE"},
                     {"salary", "e.salary", "DECIMAL(18,2)"},
                     {"works_remotely", "e.works_remotely", "BOOLEAN"},
                     {"working_time", "e.working_time", "DOUBLE"}};
    topic.list_order = "e.employee_id";
    topic.amount = "e.salary";
    return topic;
}

Topic hiring() {
    Topic topic = employees();
    topic.id = "hiring";
    topic.noun = "new colleague";
    topic.plural = "new colleagues";
    topic.phrases = {"new hires", "hires"};
    topic.filter = "";
    topic.date = "e.hired_on";
    topic.metrics = {{"hires",
                      "number of hires",
                      {"hires", "hired", "hire", "hiring", "new hires", "number of hires", "joiners", "people hire",
                       "people did we hire"},
                      "COUNT(*)",
                      "BIGINT",
                      Unit::count,
                      true}};
    topic.list_order = "e.hired_on DESC";
    return topic;
}

Topic leaving() {
    Topic topic = employees();
    topic.id = "leaving";
    topic.noun = "leaver";
    topic.plural = "leavers";
    topic.phrases = {"leavers"};
    topic.filter = "e.left_on IS NOT NULL";
    topic.date = "e.left_on";
    topic.metrics = {{"leavers",
                      "number of leavers",
                      {"leavers", "left", "leave", "attrition", "departures", "people left"},
                      "COUNT(*)",
                      "BIGINT",
                      Unit::count,
                      true}};
    topic.list_order = "e.left_on DESC";
    return topic;
}

Topic absences() {
    Topic topic;
    topic.space = "people";
    topic.id = "absences";
    topic.noun = "absence";
    topic.plural = "absences";
    topic.phrases = {"absences", "absence list"};
    topic.from = "people.absences a";
    topic.joins = {{"e", "JOIN people.employees e ON e.employee_id = a.employee_id"}};
    topic.date = "a.starts_on";
    topic.metrics = {{"absence_days",
                      "absence days",
                      {"absence days", "days absent", "absence", "absences", "days off", "time off", "sick days"},
                      "SUM(a.days)",
                      "DECIMAL(10,1)",
                      Unit::days,
                      true},
                     {"absences",
                      "number of absences",
                      {"number of absences", "absence count"},
                      "COUNT(*)",
                      "BIGINT",
                      Unit::count,
                      true}};
    topic.dimensions = {{"kind",
                         "kind",
                         "kinds",
                         {"reason", "reasons", "type", "absence type"},
                         "a.kind",
                         "SELECT DISTINCT kind FROM people.absences"},
                        {"department",
                         "department",
                         "departments",
                         {"dept"},
                         "e.department",
                         "SELECT DISTINCT department FROM people.employees"},
                        {"level", "level", "levels", {}, "e.level", "SELECT DISTINCT level FROM people.employees"},
                        {"office",
                         "office",
                         "offices",
                         {"site", "location"},
                         "e.office",
                         "SELECT DISTINCT office FROM people.employees"}};
    topic.columns = {{"absence_id", "a.absence_id", "BIGINT"}, {"employee_id", "a.employee_id", "BIGINT"},
                     {"department", "e.department", "STRING"}, {"kind", "a.kind", "STRING"},
                     {"starts_on", "a.starts_on", "DATE"},     {"days", "a.days", "DECIMAL(6,1)"}};
    topic.list_order = "a.starts_on DESC, a.absence_id";
    return topic;
}

template <class List>
auto* find_by_id(const List& list, std::string_view id) {
    const auto found = std::find_if(list.begin(), list.end(), [&](const auto& entry) { return entry.id == id; });
    return found == list.end() ? nullptr : &*found;
}

}  // namespace model_detail

const std::vector<Topic>& topics() {
    using namespace model_detail;
    static const std::vector<Topic> all = {sales(),     customers(), products(), tickets(), stock(),
                                           employees(), hiring(),    leaving(),  absences()};
    return all;
}

const Topic* find_topic(std::string_view id) {
    return model_detail::find_by_id(topics(), id);
}

const Metric* find_metric(const Topic& topic, std::string_view id) {
    return model_detail::find_by_id(topic.metrics, id);
}

const Dimension* find_dimension(const Topic& topic, std::string_view id) {
    return model_detail::find_by_id(topic.dimensions, id);
}

const std::vector<ValueAlias>& value_aliases() {
    static const std::vector<ValueAlias> aliases = {{"europe", "EMEA"},
                                                    {"asia", "APAC"},
                                                    {"north america", "AMER"},
                                                    {"americas", "AMER"},
                                                    {"america", "AMER"},
                                                    {"south america", "LATAM"},
                                                    {"latin america", "LATAM"},
                                                    {"usa", "United States"},
                                                    {"the us", "United States"},
                                                    {"uk", "United Kingdom"},
                                                    {"england", "United Kingdom"},
                                                    {"cafes", "Cafe"},
                                                    {"restaurants", "Restaurant"},
                                                    {"offices", "Office"},
                                                    {"beans", "Coffee beans"},
                                                    {"online", "Web"},
                                                    {"closed", "solved"},
                                                    {"resolved", "solved"},
                                                    {"sick", "Sick leave"},
                                                    {"montreal", "Montréal"}};
    return aliases;
}

}  // namespace genie_slack::sandbox::databricks
