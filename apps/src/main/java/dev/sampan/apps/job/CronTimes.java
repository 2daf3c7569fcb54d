package dev.sampan.apps.job;

import com.cronutils.model.Cron;
import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.field.CronFieldName;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import dev.sampan.apps.AppException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;

/**
 * Times as cron has them, by the clock of a zone. The library is asked for times of a clock that is
 * never changed; what becomes of them when the zone's clock is changed is said here: a time that is
 * left out that day comes as soon as the clock has been changed, and a time that comes twice counts
 * once, unless it belongs to a schedule for every hour, which goes on in both of them.
 */
public final class CronTimes {

  private static final CronParser PARSER = new CronParser(definition());

  private final ExecutionTime local;
  private final boolean everyHour;
  private final ZoneRules rules;

  private CronTimes(Cron cron, ZoneId zone) {
    this.local = ExecutionTime.forCron(cron);
    String hours = cron.retrieve(CronFieldName.HOUR).getExpression().asString();
    this.everyHour = hours.equals("*") || hours.equals("*/1");
    this.rules = zone.getRules();
  }

  private static CronDefinition definition() {
    return CronDefinitionBuilder.defineCron()
        .withMinutes()
        .withStrictRange()
        .and()
        .withHours()
        .withStrictRange()
        .and()
        .withDayOfMonth()
        .withStrictRange()
        .and()
        .withMonth()
        .withStrictRange()
        .and()
        .withDayOfWeek()
        .withValidRange(0, 7)
        .withMondayDoWValue(1)
        .withIntMapping(7, 0)
        .withStrictRange()
        .and()
        .withSupportedNicknameHourly()
        .withSupportedNicknameDaily()
        .withSupportedNicknameMidnight()
        .withSupportedNicknameWeekly()
        .withSupportedNicknameMonthly()
        .withSupportedNicknameYearly()
        .withSupportedNicknameAnnually()
        .instance();
  }

  /**
   * The times that a text says.
   *
   * @throws AppException if it says none
   */
  public static CronTimes of(String text, ZoneId zone) {
    try {
      CronTimes times = new CronTimes(PARSER.parse(text), zone);
      if (times.after(Instant.EPOCH).isPresent()) {
        return times;
      }
    } catch (IllegalArgumentException e) {
      throw new AppException(
          AppException.Reason.INVALID,
          "expected times as MINUTE HOUR DAY MONTH WEEKDAY, or @hourly and the like, found '%s': %s"
              .formatted(text, e.getMessage()),
          e);
    }
    throw new AppException(
        AppException.Reason.INVALID,
        "expected times, found '" + text + "', which never comes",
        null);
  }

  /** The first time after a moment, if there is one. */
  public Optional<Instant> after(Instant moment) {
    LocalDateTime from = LocalDateTime.ofInstant(moment, rules.getOffset(moment));
    while (true) {
      Optional<LocalDateTime> next = nextLocal(from);
      if (next.isEmpty()) {
        return Optional.empty();
      }
      Instant found = instant(next.get(), moment);
      if (found.isAfter(moment)) {
        return Optional.of(inSecondHour(moment, found));
      }
      from = next.get();
    }
  }

  private Optional<LocalDateTime> nextLocal(LocalDateTime from) {
    return local.nextExecution(from.atZone(ZoneOffset.UTC)).map(each -> each.toLocalDateTime());
  }

  /** When the clock shows a time; of two such moments the second one if the first has gone by. */
  private Instant instant(LocalDateTime time, Instant moment) {
    ZoneOffsetTransition change = rules.getTransition(time);
    if (change == null) {
      return time.toInstant(rules.getOffset(time));
    }
    if (change.isGap()) {
      return change.getInstant();
    }
    Instant first = time.toInstant(change.getOffsetBefore());
    return everyHour && !first.isAfter(moment) ? time.toInstant(change.getOffsetAfter()) : first;
  }

  /** Whether the clock goes back before a time, and shows other times of the schedule again. */
  private Instant inSecondHour(Instant moment, Instant found) {
    ZoneOffsetTransition change = everyHour ? rules.nextTransition(moment) : null;
    if (change == null || !change.isOverlap() || change.getInstant().isAfter(found)) {
      return found;
    }
    Instant again =
        nextLocal(change.getDateTimeAfter().minusSeconds(1))
            .map(time -> time.toInstant(change.getOffsetAfter()))
            .orElse(found);
    return again.isBefore(found) ? again : found;
  }
}
