// Asks veraPDF whether files keep to the given flavours; one line per file and flavour, then one per broken rule.
// Usage: CheckPdf FLAVOUR[,FLAVOUR…] FILE…   Output: RESULT|RULE, file, flavour, verdict or rule; tabs between.

import java.io.FileInputStream;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

public class CheckPdf {
    public static void main(String[] args) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        for (int i = 1; i < args.length; i++) {
            for (String name : args[0].split(",")) {
                check(args[i], PDFAFlavour.fromString(name));
            }
        }
    }

    private static void check(String path, PDFAFlavour flavour) throws Exception {
        try (InputStream stream = new FileInputStream(path);
                PDFAParser parser = Foundries.defaultInstance().createParser(stream, flavour)) {
            PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false);
            ValidationResult result = validator.validate(parser);
            print("RESULT", path, flavour, result.isCompliant() ? "compliant" : "broken");
            Map<String, Integer> rules = new TreeMap<>();
            for (TestAssertion assertion : result.getTestAssertions()) {
                if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                    String rule = assertion.getRuleId().getClause() + "-" + assertion.getRuleId().getTestNumber();
                    rules.merge(rule + " " + assertion.getMessage().replaceAll("\\s+", " "), 1, Integer::sum);
                }
            }
            rules.forEach((rule, times) -> print("RULE", path, flavour, rule + " (" + times + "×)"));
        }
    }

    private static void print(String kind, String path, PDFAFlavour flavour, String what) {
        System.out.println(kind + "\t" + path + "\t" + flavour.getId() + "\t" + what);
    }
}
