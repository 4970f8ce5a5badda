package io.assay.tests.architecture;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.ObjectInputStream;
import java.util.regex.Pattern;

/** The direction of dependencies, job -> eval -> datasets and engine, and what no module may do. */
@AnalyzeClasses(
    packages = "io.assay",
    importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NotTheShadedJar.class})
final class ArchitectureTest {
  private static final String ENGINE = "io.assay.engine..";
  private static final String DATASETS = "io.assay.datasets..";
  private static final String EVAL = "io.assay.eval..";
  private static final String JOB = "io.assay.job..";
  private static final String[] CLUSTER = {"org.apache.spark..", "org.apache.hadoop..", "scala.."};

  @ArchTest
  static final ArchRule engineStandsAlone =
      noClasses()
          .that()
          .resideInAPackage(ENGINE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(DATASETS, EVAL, JOB);

  @ArchTest
  static final ArchRule datasetsStandAlone =
      noClasses()
          .that()
          .resideInAPackage(DATASETS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ENGINE, EVAL, JOB);

  @ArchTest
  static final ArchRule evalDoesNotKnowTheJob =
      noClasses()
          .that()
          .resideInAPackage(EVAL)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(JOB);

  @ArchTest
  static final ArchRule engineAndDatasetsRunWithoutSpark =
      noClasses()
          .that()
          .resideInAnyPackage(ENGINE, DATASETS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(CLUSTER);

  /** What others load, a process without TornadoVM could not load. */
  @ArchTest
  static final ArchRule onlyItsBackendKnowsTornado =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.assay.engine.backend.tornado..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("uk.ac.manchester.tornado..");

  @ArchTest
  static final ArchRule onlyTheJobHasACommandLine =
      noClasses()
          .that()
          .resideOutsideOfPackage(JOB)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("picocli..");

  @ArchTest
  static final ArchRule enginePackagesHaveNoCycles =
      slices().matching("io.assay.engine.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule datasetsPackagesHaveNoCycles =
      slices().matching("io.assay.datasets.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule evalPackagesHaveNoCycles =
      slices().matching("io.assay.eval.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule onlyTheMainClassEndsTheProcess =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("io.assay.job.Assay")
          .should(callMethodWhere(calls(System.class, "exit")))
          .orShould(callMethodWhere(calls(Runtime.class, "exit").or(calls(Runtime.class, "halt"))));

  @ArchTest
  static final ArchRule oneLoggingFacade =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.util.logging..", "org.apache.log4j..", "org.apache.logging..");

  @ArchTest
  static final ArchRule onlyTheJobPrints =
      noClasses()
          .that()
          .resideOutsideOfPackage(JOB)
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err");

  @ArchTest
  static final ArchRule nothingReadIsExecuted =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAPackage("javax.script..")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(ObjectInputStream.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(ProcessBuilder.class)
          .orShould(callMethodWhere(calls(Runtime.class, "exec")));

  private static DescribedPredicate<JavaCall<?>> calls(Class<?> type, String method) {
    return target(owner(JavaClass.Predicates.type(type))).and(target(name(method))).forSubtype();
  }

  /**
   * Leaves out the relocated libraries, should the shaded jar be on the class path, and the
   * engine's tests, whose benchmarks are used here.
   */
  static final class NotTheShadedJar implements ImportOption {
    private static final Pattern TEST_JAR = Pattern.compile(".*-tests\\.jar.*");

    @Override
    public boolean includes(com.tngtech.archunit.core.importer.Location location) {
      return !location.contains("assay-job.jar")
          && !location.contains("/io/assay/shaded/")
          && !location.matches(TEST_JAR);
    }
  }
}
