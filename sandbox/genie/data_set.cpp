#include "sandbox/genie/data_set.hpp"

#include "core/random.hpp"
#include "sandbox/genie/odd_samples.hpp"
#include "sandbox/genie/periods.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

namespace genie_slack::sandbox::databricks {

namespace data_set_detail {

using std::chrono::sys_days;
using Value = Inserter::Value;

constexpr sys_days kFirstDay = std::chrono::year(2024) / std::chrono::January / 1;
// Sales and tickets up to here do not depend on the last day.
constexpr sys_days kFixedDay = std::chrono::sys_days(kToday);
constexpr std::int64_t kTickets = 10800;  // the last one's number then

struct Place {
    const char* region;
    const char* country;
    const char* city;
    int weight;
};
constexpr std::array<Place, 14> kPlaces = {{{"EMEA", "Germany", "Hamburg", 14},
                                            {"EMEA", "France", "Lyon", 10},
                                            {"EMEA", "United Kingdom", "Leeds", 9},
                                            {"EMEA", "Italy", "Trieste", 8},
                                            {"EMEA", "South Africa", "Durban", 3},
                                            {"AMER", "United States", "Portland", 15},
                                            {"AMER", "United States", "Austin", 9},
                                            {"AMER", "Canada", "Montréal", 6},
                                            {"APAC", "Japan", "Kobe", 9},
                                            {"APAC", "Australia", "Melbourne", 7},
                                            {"APAC", "India", "Kochi", 6},
                                            {"LATAM", "Brazil", "Santos", 5},
                                            {"LATAM", "Mexico", "Puebla", 4},
                                            {"LATAM", "Colombia", "Manizales", 3}}};

struct Product {
    const char* name;
    const char* category;
    double price;
    bool organic;
    int weight;
};
constexpr std::array<Product, 24> kProducts = {{{"Harbour Blend", "Coffee beans", 18.90, false, 14},
                                                {"Night Shift Espresso", "Coffee beans", 21.50, false, 12},
                                                {"Andes Single Origin", "Coffee beans", 27.80, true, 8},
                                                {"Yirgacheffe Reserve", "Coffee beans", 34.00, true, 5},
                                                {"Decaf Dawn", "Coffee beans", 20.40, false, 4},
                                                {"Filter Classic", "Ground coffee", 12.30, false, 11},
                                                {"Moka Fine", "Ground coffee", 13.90, false, 8},
                                                {"Office Bucket", "Ground coffee", 49.00, false, 6},
                                                {"Cold Brew Coarse", "Ground coffee", 15.20, true, 5},
                                                {"Earl Grey Imperial", "Black tea", 9.80, false, 9},
                                                {"Assam Breakfast", "Black tea", 8.60, false, 8},
                                                {"Darjeeling First Flush", "Black tea", 22.70, true, 4},
                                                {"Smoky Lapsang", "Black tea", 14.10, false, 2},
                                                {"Sencha Spring", "Green tea", 16.40, true, 6},
                                                {"Jasmine Pearls", "Green tea", 19.90, false, 5},
                                                {"Ceremonial Matcha", "Green tea", 42.50, true, 4},
                                                {"Genmaicha", "Green tea", 11.70, false, 3},
                                                {"Chamomile Fields", "Herbal tea", 7.90, true, 5},
                                                {"Ginger & Lemon", "Herbal tea", 8.40, true, 5},
                                                {"Rooibos Sunset", "Herbal tea", 9.20, false, 4},
                                                {"Burr Grinder 64", "Equipment", 389.00, false, 2},
                                                {"Pour-Over Set", "Equipment", 64.50, false, 3},
                                                {"Espresso Machine \"Duo\"", "Equipment", 2149.00, false, 1},
                                                {"Gooseneck Kettle", "Equipment", 79.90, false, 2}}};

constexpr std::array<const char*, 12> kFirstWords = {"Harbour", "Copper", "Northern", "Blue",   "Old Town", "Golden",
                                                     "Quiet",   "Maple",  "Corner",   "Silver", "Velvet",   "Bright"};
constexpr std::array<const char*, 11> kSecondWords = {"Roasters",    "Kettle",     "Coffee House", "Tea Rooms",
                                                      "Bistro",      "Deli",       "Hotel Group",  "Market",
                                                      "Office Café", "Provisions", "Brew Bar"};
// Names that a table, a message or a page has to survive.
constexpr std::array<const char*, 6> kOddNames = {"O'Brien & Sons Tea", "Pipe | Dream Coffee", "<b>Bold</b> Brews",
                                                  "Tea ☕ Time",        "مقهى الميناء",        "Café *Étoile*"};

std::string time_text(sys_days day, std::uint64_t second) {
    std::array<char, 32> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "T%02u:%02u:%02u.000Z", static_cast<unsigned>(second / 3600 % 24),
                  static_cast<unsigned>(second / 60 % 60), static_cast<unsigned>(second % 60));
    return day_text(day) + buffer.data();
}

double cents(double amount) {
    return std::round(amount * 100) / 100;
}

class Generator {
 public:
    Generator(Database& database, std::uint64_t seed, sys_days last)
        : database_(database), random_(seed), last_day_(last) {}

    void fill() {
        database_.execute(kSchema);
        database_.execute("BEGIN");
        products();
        customers();
        orders();
        tickets();
        stock();
        employees();
        absences();
        database_.execute("COMMIT");
    }

 private:
    static const char* const kSchema;

    struct Customer {
        std::size_t place;
        int segment;
        int weight;
        sys_days since;
    };

    template <class List>
    std::size_t weighted(const List& list) {
        std::uint64_t total = 0;
        for (const auto& entry : list)
            total += static_cast<std::uint64_t>(entry.weight);
        std::uint64_t left = random_.between(0, total - 1);
        for (std::size_t i = 0; i < list.size(); ++i) {
            if (left < static_cast<std::uint64_t>(list[i].weight))
                return i;
            left -= static_cast<std::uint64_t>(list[i].weight);
        }
        return 0;
    }

    std::size_t pick(std::size_t count) { return random_.between(0, count - 1); }
    bool chance(double probability) { return random_.unit() < probability; }
    sys_days day_between(sys_days first, sys_days last) {
        return first + std::chrono::days(random_.between(0, static_cast<std::uint64_t>((last - first).count())));
    }

    void products() {
        Inserter insert(database_, "sales.products", 7);
        std::int64_t id = 100;
        for (const Product& product : kProducts) {
            const sys_days launched = kFirstDay - std::chrono::days(pick(1500));
            insert.add({++id, product.name, product.category, product.price,
                        cents(product.price * (0.48 + 0.2 * random_.unit())), std::int64_t(product.organic),
                        day_text(launched)});
        }
    }

    void customers() {
        static constexpr std::array<const char*, 4> kSegments = {"Cafe", "Restaurant", "Office", "Retail"};
        Inserter insert(database_, "sales.customers", 9);
        for (std::size_t i = 0; i < 120; ++i) {
            const std::size_t odd = i / 20;
            const std::string name = i % 20 == 19
                                         ? kOddNames[odd]
                                         : std::string(kFirstWords[i % kFirstWords.size()]) + " " +
                                               kSecondWords[(i / kFirstWords.size() + i) % kSecondWords.size()];
            Customer customer{weighted(kPlaces), static_cast<int>(pick(kSegments.size())),
                              1 + static_cast<int>(pick(12)),
                              day_between(kFirstDay - std::chrono::days(900), kFixedDay - std::chrono::days(60))};
            const Place& place = kPlaces[customer.place];
            insert.add({std::int64_t(1001 + i), name, kSegments[static_cast<std::size_t>(customer.segment)],
                        place.region, place.country, place.city, day_text(customer.since), std::int64_t(!chance(0.08)),
                        chance(0.25) ? Value(nullptr) : Value(cents(1 + 4 * random_.unit()))});
            customers_.push_back(customer);
        }
    }

    void orders() {
        static constexpr std::array<const char*, 3> kChannels = {"Web", "Phone", "Partner"};
        Inserter order(database_, "sales.orders", 8);
        Inserter line(database_, "sales.order_lines", 6);
        std::int64_t id = 50000;
        for (sys_days day = kFirstDay; day <= last_day_; day += std::chrono::days(1)) {
            const double progress = double((day - kFirstDay).count()) / double((kFixedDay - kFirstDay).count());
            const auto month = static_cast<unsigned>(std::chrono::year_month_day(day).month());
            const double season = month == 12 ? 1.35 : month == 11 ? 1.2 : month == 7 || month == 8 ? 0.8 : 1.0;
            const bool weekend = std::chrono::weekday(day).c_encoding() % 6 == 0;
            const double expected = (7.0 + 4.5 * progress) * season * (weekend ? 0.45 : 1.1);
            const auto count = static_cast<std::size_t>(expected + random_.unit() * 2);
            for (std::size_t i = 0; i < count; ++i) {
                std::size_t who = weighted(customers_);
                if (customers_[who].since > day)
                    who = pick(30);
                ++id;
                double total = 0;
                const std::size_t lines = 1 + pick(3);
                for (std::size_t number = 0; number < lines; ++number) {
                    const std::size_t what = weighted(kProducts);
                    const auto quantity = static_cast<std::int64_t>(
                        kProducts[what].price > 300 ? 1 + pick(2) : 2 + pick(kProducts[what].price > 40 ? 8 : 30));
                    const double discount = chance(0.3) ? 0.05 * double(1 + pick(3)) : 0;
                    const double amount = cents(double(quantity) * kProducts[what].price * (1 - discount));
                    line.add({id, std::int64_t(number + 1), std::int64_t(101 + what), quantity, discount, amount});
                    total += amount;
                }
                const bool recent = last_day_ - day < std::chrono::days(5);
                const double fate = random_.unit();
                const char* status = fate < 0.03   ? "cancelled"
                                     : fate < 0.05 ? "returned"
                                     : recent      ? "open"
                                                   : "delivered";
                order.add({id, std::int64_t(1001 + who), day_text(day), time_text(day, 7 * 3600 + pick(12 * 3600)),
                           kChannels[pick(10) < 6 ? 0 : 1 + pick(2)], status, cents(total),
                           status == std::string_view("delivered")
                               ? Value(day_text(day + std::chrono::days(1 + pick(6))))
                               : Value(nullptr)});
            }
        }
    }

    void tickets() {
        static constexpr std::array<const char*, 5> kCategories = {"Delivery", "Quality", "Billing", "Website",
                                                                   "Other"};
        static constexpr std::array<const char*, 4> kPriorities = {"low", "normal", "high", "urgent"};
        static constexpr std::array<const char*, 6> kAgents = {"Agent A", "Agent B", "Agent C",
                                                               "Agent D", "Agent E", "Agent F"};
        // Some are more frequent than others.
        static constexpr std::array<std::size_t, 9> kCategoryOf = {0, 0, 0, 1, 1, 2, 2, 3, 4};
        static constexpr std::array<std::size_t, 10> kPriorityOf = {0, 0, 1, 1, 1, 1, 1, 2, 2, 3};
        Inserter insert(database_, "operations.tickets", 12);
        const std::int64_t last = kTickets + (last_day_ - kFixedDay).count() * 5 / 2;
        for (std::int64_t id = 9001; id <= last; ++id) {
            const std::int64_t further = id - kTickets;
            const sys_days day = further <= 0 ? day_between(kFirstDay, kFixedDay)
                                              : kFixedDay + std::chrono::days(1 + (further - 1) * 2 / 5);
            const std::size_t who = pick(customers_.size());
            const std::size_t priority = kPriorityOf[pick(kPriorityOf.size())];
            const bool old = last_day_ - day > std::chrono::days(20);
            const bool solved = old ? !chance(0.01) : chance(0.6);
            const sys_days end = std::min(last_day_, day + std::chrono::days(pick(9)));
            const std::size_t category = kCategoryOf[pick(kCategoryOf.size())];
            insert.add({id, time_text(day, pick(86400)),
                        solved ? Value(time_text(end, 82800 + pick(3600))) : Value(nullptr), std::int64_t(1001 + who),
                        kPlaces[customers_[who].place].region, kCategories[category], kPriorities[priority],
                        solved ? "solved" : "open", std::int64_t(5 + pick(600)),
                        solved && chance(0.6) ? Value(std::int64_t(1 + std::max(pick(5), pick(5)))) : Value(nullptr),
                        kAgents[pick(kAgents.size())], std::int64_t(priority == 3 || chance(0.05))});
        }
    }

    void stock() {
        static constexpr std::array<const char*, 3> kWarehouses = {"Hamburg", "Portland", "Kobe"};
        Inserter insert(database_, "operations.stock", 6);
        for (std::size_t i = 0; i < kProducts.size(); ++i)
            for (const char* warehouse : kWarehouses)
                insert.add({kProducts[i].name, kProducts[i].category, warehouse, std::int64_t(pick(900)),
                            std::int64_t(120 + 10 * pick(8)),
                            chance(0.1) ? Value(nullptr) : Value(day_text(last_day_ - std::chrono::days(pick(90))))});
    }

    void employees() {
        static constexpr std::array<const char*, 6> kDepartments = {"Sales",         "Logistics", "Roastery",
                                                                    "Customer care", "Finance",   "Technology"};
        static constexpr std::array<const char*, 4> kLevels = {"Junior", "Professional", "Senior", "Lead"};
        static constexpr std::array<const char*, 4> kOffices = {"Hamburg", "Portland", "Kobe", "Santos"};
        Inserter insert(database_, "people.employees", 9);
        for (std::int64_t id = 1; id <= 160; ++id) {
            const std::size_t most =
                pick(5);  // one draw per statement: the order of arguments is the compiler's choice
            const std::size_t level = std::min(most, pick(4));
            const sys_days hired = day_between(kFirstDay - std::chrono::days(2200), last_day_);
            const bool left = hired < kFirstDay + std::chrono::days(500) && chance(0.18);
            const sys_days leaving = day_between(std::max(hired + std::chrono::days(90), kFirstDay), last_day_);
            insert.add({id, kDepartments[std::min(pick(7), kDepartments.size() - 1)], kLevels[level],
                        kOffices[pick(kOffices.size())], day_text(hired),
                        left ? Value(day_text(leaving)) : Value(nullptr),
                        cents(34000 + 14500 * double(level) + double(pick(9000))), std::int64_t(chance(0.35)),
                        chance(0.07) ? Value(nullptr) : Value(0.5 + 0.5 * double(pick(2)))});
        }
    }

    void absences() {
        static constexpr std::array<const char*, 4> kKinds = {"Vacation", "Sick leave", "Parental leave", "Training"};
        Inserter insert(database_, "people.absences", 5);
        for (std::int64_t id = 1; id <= 700; ++id) {
            const std::size_t kind = std::min(pick(4), pick(4));
            insert.add({id, std::int64_t(1 + pick(160)), kKinds[kind], day_text(day_between(kFirstDay, last_day_)),
                        kind == 2 ? 20.0 + double(pick(80)) : 0.5 * double(1 + pick(20))});
        }
    }

    Database& database_;
    Random random_;
    sys_days last_day_;
    std::vector<Customer> customers_;
};

const char* const Generator::kSchema = R"sql(
ATTACH ':memory:' AS sales;
ATTACH ':memory:' AS operations;
ATTACH ':memory:' AS people;
CREATE TABLE sales.products(product_id INTEGER PRIMARY KEY, name TEXT, category TEXT, unit_price REAL, unit_cost REAL,
  is_organic INTEGER, launched_on TEXT);
CREATE TABLE sales.customers(customer_id INTEGER PRIMARY KEY, name TEXT, segment TEXT, region TEXT, country TEXT, city TEXT,
  customer_since TEXT, is_active INTEGER, credit_score REAL);
CREATE TABLE sales.orders(order_id INTEGER PRIMARY KEY, customer_id INTEGER, order_date TEXT, ordered_at TEXT, channel TEXT,
  status TEXT, total REAL, delivered_on TEXT);
CREATE TABLE sales.order_lines(order_id INTEGER, line_number INTEGER, product_id INTEGER, quantity INTEGER, discount REAL,
  amount REAL, PRIMARY KEY(order_id, line_number)) WITHOUT ROWID;
CREATE VIEW sales.order_list AS
  SELECT o.order_id, o.order_date, o.ordered_at, c.name AS customer, c.segment, c.region, c.country, c.city, o.channel,
    o.status, o.total, o.delivered_on, dayname(o.order_date) AS weekday
  FROM orders o JOIN customers c ON c.customer_id = o.customer_id;
CREATE VIEW sales.buyers AS
  SELECT o.customer_id, o.order_date, c.segment, c.region, c.country, c.city, o.channel
  FROM orders o JOIN customers c ON c.customer_id = o.customer_id
  WHERE o.status <> 'cancelled';
CREATE VIEW sales.order_details AS
  SELECT o.order_id, o.order_date, c.customer_id, c.name AS customer, c.segment, c.region, c.country, c.city, o.channel,
    o.total, dayname(o.order_date) AS weekday, p.name AS product, p.category,
    CASE WHEN p.is_organic THEN 'organic' ELSE 'conventional' END AS cultivation, l.quantity, l.discount, l.amount,
    l.amount - l.quantity * p.unit_cost AS margin
  FROM orders o JOIN order_lines l ON l.order_id = o.order_id JOIN products p ON p.product_id = l.product_id
    JOIN customers c ON c.customer_id = o.customer_id
  WHERE o.status <> 'cancelled';
CREATE TABLE operations.tickets(ticket_id INTEGER PRIMARY KEY, opened_at TEXT, solved_at TEXT, customer_id INTEGER,
  region TEXT, category TEXT, priority TEXT, status TEXT, first_response_minutes INTEGER, satisfaction INTEGER, agent TEXT,
  escalated INTEGER);
CREATE TABLE operations.stock(product TEXT, category TEXT, warehouse TEXT, on_hand INTEGER, reorder_level INTEGER,
  counted_on TEXT);
CREATE TABLE people.employees(employee_id INTEGER PRIMARY KEY, department TEXT, level TEXT, office TEXT, hired_on TEXT,
  left_on TEXT, salary REAL, works_remotely INTEGER, working_time REAL);
CREATE TABLE people.absences(absence_id INTEGER PRIMARY KEY, employee_id INTEGER, kind TEXT, starts_on TEXT, days REAL);
CREATE VIEW people.absence_list AS
  SELECT a.absence_id, a.employee_id, e.department, e.level, e.office, a.kind, a.starts_on, a.days
  FROM absences a JOIN employees e ON e.employee_id = a.employee_id;
)sql";

}  // namespace data_set_detail

std::unique_ptr<Database> create_data_set(std::uint64_t seed, std::chrono::sys_days today) {
    auto database = std::make_unique<Database>();
    data_set_detail::Generator(*database, seed, today).fill();
    fill_odd_samples(*database);
    database->make_read_only();
    return database;
}

}  // namespace genie_slack::sandbox::databricks
